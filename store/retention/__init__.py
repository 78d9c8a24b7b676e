"""Dropping what is older than rows are kept, and how the jobs of the retention stand."""
