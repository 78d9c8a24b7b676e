"""Sealed columns: the keys, which columns they seal, how keys are replaced."""
