"""The dashboard's pages: one module for what belongs together, each with its forms."""
