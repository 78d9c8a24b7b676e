"""Outcomes: one row a partner and day, counted beside the events' path, and read for figures."""
