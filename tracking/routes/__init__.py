"""The addresses below `/t`."""
