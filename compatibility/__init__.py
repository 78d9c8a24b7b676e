"""The gate that keeps the published payload schema compatible; `make check` runs it."""
