"""Recoveries: all that an endpoint missed, sent again at a pace."""
