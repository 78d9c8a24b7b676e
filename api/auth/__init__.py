"""Who calls: API keys and sign-in."""
