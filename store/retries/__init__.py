"""Deliveries that are sent again because somebody asked, and what came of it."""
