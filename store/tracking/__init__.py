"""Tracking pages: their links, what they show of an order, and partners' logos."""
