"""The life of a delivery: states, verdicts on answers, the retry schedule, messages of Temporal."""
