"""The `webhooks` section: what partners and the OMS receive, beside what they may call.

It is built from the published schema. FastAPI's own webhooks would describe the payload as input,
with its defaults optional.
"""

import json
from collections.abc import Mapping
from typing import Any

from api.published import read_example, read_schema
from contracts.instructions.posts import EXAMPLE, InstructionGiven
from contracts.payload.events import GROUP_MATRIX, GROUPS, EventType
from contracts.payload.payload import SCHEMA_VERSION

_PREFIX = "Webhook"
_HEADERS = {
    "webhook-id": ("the event's id, the same on every attempt", {"type": "string"}),
    "webhook-timestamp": (
        "when this attempt was sent, in seconds since 1970",
        {"type": "string", "pattern": "^[0-9]+$"},
    ),
    "webhook-signature": (
        "one or more of `v1,` and base64, separated by spaces (Standard Webhooks 1.0.0)",
        {"type": "string", "pattern": "^v1,[A-Za-z0-9+/=]+( v1,[A-Za-z0-9+/=]+)*$"},
    ),
    "user-agent": ("`Doorstep/` and its version", {"type": "string"}),
}
_SENT_WHEN = {
    EventType.ORDER_CONFIRMED: "An order is confirmed",
    EventType.OUT_FOR_DELIVERY: "A rider is on the way with a parcel",
    EventType.DELIVERED: "A parcel was handed over",
    EventType.DELIVERY_FAILED: "An attempt to hand a parcel over failed",
    EventType.RETURN_INITIATED: "A parcel goes back",
}
_INSTRUCTION_ID = {
    **_HEADERS,
    "webhook-id": ("the instruction's id, the same on every attempt", {"type": "string"}),
}
_WAITS = "Tried again, no earlier than a `Retry-After` says, in seconds or as a date"
_ANSWERS = {
    "2XX": "Delivered",
    "410": "The endpoint is switched off and nothing more is sent to it",
    "429": _WAITS,
    "502": _WAITS,
    "503": _WAITS,
    "504": _WAITS,
    "default": "Tried again after 30 seconds, 2 minutes and 8 minutes; then it is a dead letter",
}
_OMS_ANSWERS = {
    **_ANSWERS,
    "410": "A dead letter: nobody posts it again unless operations ask for it",
    "default": "Tried again after 30 seconds, 2, 8 and 30 minutes and then each hour, until the "
    "instruction expires; then it is a dead letter",
}


def webhooks() -> dict[str, Any]:
    """Each type of event as a POST to the partner's endpoint."""
    return {
        **{kind.value: {"post": _operation(kind)} for kind in EventType},
        "instruction.given": {"post": _instruction_given()},
    }


def components() -> dict[str, Any]:
    """The payload and its parts, as `#/components/schemas/Webhook…`, with titles to match: tools
    name what they generate by the title, and drop the second of one name."""
    schema = json.loads(read_schema(SCHEMA_VERSION))
    parts = schema.pop("$defs") | _instruction_parts()
    del schema["$schema"], schema["$id"]  # both are of a document, and this is a part of one
    return {
        name: _moved(part) | {"title": name}
        for name, part in {
            f"{_PREFIX}Payload": schema,
            **{f"{_PREFIX}{name}": part for name, part in parts.items()},
        }.items()
    }


def _operation_head(headers: Mapping[str, tuple[str, dict[str, str]]]) -> dict[str, Any]:
    """What every webhook has in common."""
    return {
        "tags": ["webhooks"],
        "security": [],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": description,
                "schema": schema,
            }
            for name, (description, schema) in headers.items()
        ],
    }


def _operation(kind: EventType) -> dict[str, Any]:
    carried = [group for group in GROUPS if group in GROUP_MATRIX[kind]]
    return {
        **_operation_head(_HEADERS),
        "operationId": f"receive_{kind}",
        "summary": _SENT_WHEN[kind],
        "description": f"Carries `{'`, `'.join(carried)}`; every other group is null.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _payload_of(kind),
                    "example": json.loads(read_example(SCHEMA_VERSION, kind)),
                }
            },
        },
        "responses": {status: {"description": text} for status, text in _ANSWERS.items()},
    }


def _instruction_given() -> dict[str, Any]:
    """What the OMS receives, where its webhook is set."""
    return {
        **_operation_head(_INSTRUCTION_ID),
        "operationId": "receive_instruction_given",
        "summary": "The OMS is told what is to be done after a failed delivery",
        "description": "Verify it, answer 2xx, and then decide it with "
        "`POST /v1/instructions/{instruction_id}/decision`. It takes the place of every earlier "
        "instruction with the same `event_id`.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{_PREFIX}InstructionGiven"},
                    "example": json.loads(EXAMPLE.to_bytes()),
                }
            },
        },
        "responses": {status: {"description": text} for status, text in _OMS_ANSWERS.items()},
    }


def _instruction_parts() -> dict[str, Any]:
    """The instruction and its parts, as `_moved` takes them."""
    schema = InstructionGiven.model_json_schema(mode="serialization")
    return {**schema.pop("$defs"), "InstructionGiven": schema}


def _payload_of(kind: EventType) -> dict[str, Any]:
    """The payload with the groups of one type: objects where it carries them, null elsewhere."""
    groups = {
        group: {"type": "object" if group in GROUP_MATRIX[kind] else "null"} for group in GROUPS
    }
    return {
        "allOf": [
            {"$ref": f"#/components/schemas/{_PREFIX}Payload"},
            {"properties": {"type": {"const": kind.value}, "data": {"properties": groups}}},
        ]
    }


def _moved(value: Any) -> Any:
    """The same schema with its references into the document's components."""
    if isinstance(value, dict):
        return {
            key: (
                inner.replace("#/$defs/", f"#/components/schemas/{_PREFIX}")
                if key == "$ref" and isinstance(inner, str)
                else _moved(inner)
            )
            for key, inner in value.items()
        }
    return [_moved(inner) for inner in value] if isinstance(value, list) else value
