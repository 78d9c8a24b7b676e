"""Endpoints: settings and secrets, circuit breaker, order, health."""
