"""Keys, users and callers, and what the audit log records of them."""
