"""The control of a running merchant, under `/_sandbox/` on its own port.

| call | does |
|---|---|
| `GET /_sandbox/received` | every request so far, as JSON |
| `GET /_sandbox/summary` | the counts for a ledger |
| `PUT /_sandbox/behaviour` | text such as `503x3,200`, in force at once |
| `PUT /_sandbox/secrets` | a JSON list of `whsec_…` secrets to verify against |
| `PUT /_sandbox/release` | lets hanging requests go on with a step, such as `200` |
"""

import json
from typing import TYPE_CHECKING, Any

from sandbox.behaviour_text import parse_behaviour, parse_step
from sandbox.http_connection import Head, HttpConnection

if TYPE_CHECKING:
    from sandbox.merchant import Merchant

_PREFIX = "/_sandbox/"


def is_control(head: Head) -> bool:
    """Whether a request is for the sandbox itself rather than a webhook."""
    return head.path.startswith(_PREFIX)


async def respond_to_control(merchant: "Merchant", connection: HttpConnection, head: Head) -> None:
    """Answer a control request with JSON; 400 with the reason when it makes no sense."""
    body = await connection.read_body()
    try:
        status, answer = 200, _control(merchant, head, body.decode())
    except ValueError as error:
        status, answer = 400, {"error": str(error)}
    except LookupError:
        status, answer = 404, {"error": f"no {head.method} {head.path} here"}
    await connection.respond(
        status, json.dumps(answer).encode(), {"content-type": "application/json"}
    )


def _control(merchant: "Merchant", head: Head, text: str) -> Any:
    match head.method, head.path.removeprefix(_PREFIX):
        case "GET", "received":
            return [received.as_json() for received in merchant.received]
        case "GET", "summary":
            return {**merchant.inbox.summary(), "hanging": merchant.hanging}
        case "PUT", "behaviour":
            merchant.behave(parse_behaviour(text))
            return {"behaviour": text.strip()}
        case "PUT", "secrets":
            merchant.secrets = _secrets(text)
            return {"secrets": len(merchant.secrets)}
        case "PUT", "release":
            return {"released": merchant.release(parse_step(text.strip()))}
    raise LookupError(head.path)


def _secrets(text: str) -> list[str]:
    secrets = json.loads(text)
    if not isinstance(secrets, list) or not all(isinstance(secret, str) for secret in secrets):
        raise ValueError("send a JSON list of secrets")
    return secrets
