"""Rules about an endpoint: URL, headers, circuit breaker, rate limit, health."""
