"""docs/api-reference.md, made of the OpenAPI document."""
