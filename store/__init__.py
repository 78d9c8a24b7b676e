"""The database: tables, transactions and the queries of each part of the path."""
