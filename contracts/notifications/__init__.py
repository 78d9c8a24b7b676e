"""Notifications: what people are told of, to whom and how it goes, and what is sent."""
