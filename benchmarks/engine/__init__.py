"""The Temporal servers to measure against: the embedded one, and the one of production."""
