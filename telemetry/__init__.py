"""Traces through OpenTelemetry, which only this package knows, and only where it is on."""
