"""The parts of the documentation that are made from the code.

`python -m tests.deployment.generated_docs` writes them; a test says when they are out of date.
Each lies in its document between `<!-- made from the code: NAME -->` and `<!-- end -->`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from contracts.payload.events import GROUP_MATRIX, GROUPS, EventType, TrackingEvent
from contracts.payload.payload import build_payload, to_bytes
from contracts.payload.signature import signature_headers
from settings import Settings, variable_names
from tests.deployment.deployment_files import (
    DOCS,
    POSTGRES_VARIABLES,
    TEMPORAL_VARIABLES,
    TRACE_VARIABLES,
    alert_rules,
)
from tests.deployment.generated_fields import event_fields, payload_fields

EXAMPLE_EVENT = DOCS / "examples" / "out_for_delivery.json"

EXAMPLE_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""That of the Standard Webhooks specification; it signs nothing."""

_BEGIN, _END = "<!-- made from the code: {} -->\n", "<!-- end -->"
_NOT_SET = "none"


def write_all() -> None:
    """Bring every generated part of every document up to date."""
    for name, (document, make) in PARTS.items():
        before, _, after = _split(name)
        document.write_text(before + make() + after)


def shown(name: str) -> str:
    """What a document has between its markers now."""
    return _split(name)[1]


def example_event() -> TrackingEvent:
    """The event of the documentation, as the API takes it."""
    return TrackingEvent.model_validate_json(EXAMPLE_EVENT.read_text())


def example_payload() -> bytes:
    """The bytes that a partner receives for it."""
    event = example_event()
    emitted_at = event.occurred_at + timedelta(milliseconds=412)
    return to_bytes(build_payload(event, sequence=2, emitted_at=emitted_at))


def payload_example() -> str:
    """The payload, made readable; on the wire it has no spaces."""
    pretty = json.dumps(json.loads(example_payload()), indent=2, ensure_ascii=False)
    return f"```json\n{pretty}\n```\n"


def signature_example() -> str:
    """A signature and all that it is made of, for those who check signatures themselves."""
    body = json.dumps({"type": "delivered", "note": "आपका पार्सल ☂"}, ensure_ascii=False)
    sent_at = datetime(2026, 11, 23, 9, 34, 5, tzinfo=UTC)
    headers = signature_headers(
        body.encode(), message_id="evt_20261123_000481", sent_at=sent_at, secrets=[EXAMPLE_SECRET]
    )
    shown = {"secret": EXAMPLE_SECRET, "body": body, **headers}
    return f"```json\n{json.dumps(shown, indent=2, ensure_ascii=False)}\n```\n"


def group_matrix() -> str:
    """Which groups each type of event carries."""
    head = ["group", *(kind.value for kind in EventType)]
    rows = [
        [group, *("yes" if group in GROUP_MATRIX[kind] else "null" for kind in EventType)]
        for group in GROUPS
    ]
    return _table(head, rows)


def settings_table() -> str:
    """Doorstep's own variables."""
    fields = dict(zip(variable_names(), Settings.model_fields.values(), strict=True))
    return _table(
        ["variable", "default", "meaning"],
        [
            [f"`{name}`", _default(field.default), field.description]
            for name, field in fields.items()
        ],
    )


def temporal_table() -> str:
    """The Temporal SDK's variables."""
    return _table(
        ["variable", "meaning"], [[f"`{name}`", text] for name, text in TEMPORAL_VARIABLES.items()]
    )


def trace_table() -> str:
    """The OpenTelemetry SDK's variables."""
    return _table(
        ["variable", "meaning"], [[f"`{name}`", text] for name, text in TRACE_VARIABLES.items()]
    )


def postgres_table() -> str:
    """What only the compose file reads."""
    return _table(
        ["variable", "meaning"], [[f"`{name}`", text] for name, text in POSTGRES_VARIABLES.items()]
    )


def alerts_table() -> str:
    """The rules of `deploy/prometheus/rules.yml`."""
    rows = [
        [
            rule["alert"],
            f"`{rule['expr']}`",
            rule["for"],
            rule["labels"]["severity"],
            rule["annotations"]["summary"],
            rule["annotations"]["action"],
        ]
        for rule in alert_rules()
    ]
    return _table(["alert", "expression", "for", "severity", "means", "what to do"], rows)


PARTS: Mapping[str, tuple[Path, Callable[[], str]]] = {
    "payload example": (DOCS / "webhooks-for-partners.md", payload_example),
    "group matrix": (DOCS / "webhooks-for-partners.md", group_matrix),
    "signature example": (DOCS / "webhooks-for-partners.md", signature_example),
    "payload fields": (DOCS / "webhooks-for-partners.md", payload_fields),
    "event fields": (DOCS / "events-for-the-oms.md", event_fields),
    "settings": (DOCS / "settings.md", settings_table),
    "Temporal's variables": (DOCS / "settings.md", temporal_table),
    "OpenTelemetry's variables": (DOCS / "settings.md", trace_table),
    "the compose file's variables": (DOCS / "settings.md", postgres_table),
    "alerts": (DOCS / "runbook.md", alerts_table),
}
"""Name, document, and how it is made."""


def _split(name: str) -> tuple[str, str, str]:
    """A document before, inside and after its part of this name."""
    text = PARTS[name][0].read_text()
    before, begin, rest = text.partition(_BEGIN.format(name))
    inside, end, after = rest.partition(_END)
    return before + begin, inside, end + after


def _table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def _default(value: Any) -> str:
    if value is None or value == ():
        return _NOT_SET
    if isinstance(value, tuple):
        return f"`{','.join(map(_plain, value))}`"
    return f"`{_plain(value)}`"


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    write_all()
