"""The committed files of the contract, and what the code would write into them."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.payload import SCHEMA_VERSION, build_payload, to_bytes
from contracts.payload.schema import payload_schema

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "contracts" / "schemas"
CURRENT = SCHEMAS / f"{SCHEMA_VERSION}.json"
RELEASED = SCHEMAS / "released" / f"{SCHEMA_VERSION}.json"
EXAMPLES = SCHEMAS / "examples" / SCHEMA_VERSION
EXAMPLE_EVENTS = ROOT / "docs" / "examples"

_BUILT_AFTER = timedelta(milliseconds=412)


def generated() -> Mapping[Path, str]:
    """Each generated file and its text: the schema, and a payload of each type of event."""
    files = {CURRENT: _pretty(payload_schema())}
    for place, kind in enumerate(EventType, start=1):
        files[EXAMPLES / f"{kind}.json"] = _pretty(_example(kind, place))
    return files


def outdated() -> list[str]:
    """The generated files that are not what the code would write."""
    return [
        str(path.relative_to(ROOT))
        for path, text in generated().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def released_schema() -> dict[str, Any]:
    """The schema as partners were last given it. It changes only with a release."""
    loaded: dict[str, Any] = json.loads(RELEASED.read_text(encoding="utf-8"))
    return loaded


def _example(kind: EventType, place: int) -> Any:
    """The payload of the documentation's event of this type."""
    text = (EXAMPLE_EVENTS / f"{kind}.json").read_text(encoding="utf-8")
    event = TrackingEvent.model_validate_json(text)
    emitted_at = event.occurred_at + _BUILT_AFTER
    return json.loads(to_bytes(build_payload(event, sequence=place, emitted_at=emitted_at)))


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
