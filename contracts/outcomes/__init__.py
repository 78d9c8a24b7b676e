"""Outcomes: the figures the system exists for, each with its definition."""
