"""Texts to customers: what they say, how they are counted, when they are of use."""
