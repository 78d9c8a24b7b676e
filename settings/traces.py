"""Whether traces are wanted: what OpenTelemetry's own variables say."""

import re
from collections.abc import Mapping

from contracts.errors import ConfigurationError
from settings.environment import set_variables


def traces_wanted() -> bool:
    """Whether OpenTelemetry's own variables name a collector for traces, which its SDK then reads.
    ConfigurationError where they ask for what we cannot do."""
    values = set_variables()
    exporter = values.get("OTEL_TRACES_EXPORTER", "otlp")
    endpoint = _otlp(values, "ENDPOINT")
    is_off = values.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or exporter == "none"
    if is_off or endpoint is None:
        return False
    if exporter != "otlp":
        raise ConfigurationError("OTEL_TRACES_EXPORTER: use otlp or none")
    if _otlp(values, "PROTOCOL") not in (None, "http/protobuf"):
        raise ConfigurationError("OTEL_EXPORTER_OTLP_PROTOCOL: use http/protobuf, on port 4318")
    if not re.fullmatch(r"https?://[^\s?#]+", endpoint):
        raise ConfigurationError("OTEL_EXPORTER_OTLP_ENDPOINT: use http://host:4318 or https://…")
    return True


def _otlp(values: Mapping[str, str], what: str) -> str | None:
    """A variable of the exporter, for traces or for all that it exports."""
    own = values.get(f"OTEL_EXPORTER_OTLP_TRACES_{what}")
    return own or values.get(f"OTEL_EXPORTER_OTLP_{what}")
