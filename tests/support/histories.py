"""What Temporal keeps of a workflow, as text to search in."""

import base64
import json
from typing import Any

from google.protobuf.json_format import MessageToJson
from temporalio.client import WorkflowHandle


async def everything_temporal_has(handle: WorkflowHandle[Any, Any]) -> str:
    """The newest run's history and description, with every payload decoded."""
    described = await handle.describe()
    history = await handle.fetch_history()
    parts = [MessageToJson(described.raw_description)]
    parts += [MessageToJson(event) for event in history.events]
    return "\n".join([*parts, *_decoded(json.loads(f"[{','.join(parts)}]"))])


def _decoded(value: Any) -> list[str]:
    """Every base64 payload anywhere inside, as text."""
    if isinstance(value, dict):
        data = value.get("data")
        own = [base64.b64decode(data).decode("utf-8", "replace")] if isinstance(data, str) else []
        return own + [text for inner in value.values() for text in _decoded(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _decoded(inner)]
    return []
