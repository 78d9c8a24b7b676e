"""A year in the small: mixed load with faults, and whether anything grows meanwhile."""
