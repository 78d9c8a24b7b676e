"""Who may do what: API keys, users and their sessions, budgets, the audit log."""
