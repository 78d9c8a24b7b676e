"""People of the dashboard: users, one-time links, sessions, and the guard against guessing."""
