"""What FastAPI traces by itself: nothing.

It would as soon as anything in the process sets a provider, and records paths, which have tokens
in them, queries, which have phones in them, and the messages of errors.
"""

from fastapi.telemetry import TelemetryConfig

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
