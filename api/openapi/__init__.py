"""The OpenAPI document: what is said about the routes beyond their types."""
