"""The database itself: transactions, locks, pages of rows, migrations, the embedded server."""
