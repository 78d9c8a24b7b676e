"""The HTTP API: takes the order-management system's events, shows and retries."""
