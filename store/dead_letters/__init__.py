"""Dead letters: recorded, listed, and written down for the Redis stream."""
