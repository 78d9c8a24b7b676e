"""The migrations of the database, and what they are made of."""
