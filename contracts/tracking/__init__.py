"""The customer's tracking page: its links, and how a partner's brand looks on it."""
