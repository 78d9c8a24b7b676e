"""Standard Webhooks 1.0.0 signatures: secrets, the signed content and the headers.

Source: the Standard Webhooks specification, sections "Webhook headers" and "Signature scheme".
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from datetime import datetime

SECRET_PREFIX = "whsec_"
_SECRET_BYTES, _LEAST_BYTES, _MOST_BYTES = 32, 24, 64


def new_secret() -> str:
    """Make a signing secret: `whsec_` and base64 of 32 random bytes."""
    return SECRET_PREFIX + base64.b64encode(os.urandom(_SECRET_BYTES)).decode()


def secret_key(secret: str) -> bytes:
    """The key inside a secret; ValueError unless it is `whsec_` + base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:  # not base64, or not even ASCII
        key = b""
    if not secret.startswith(SECRET_PREFIX) or not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError("a signing secret is whsec_ followed by base64 of 24 to 64 bytes")
    return key


def signature_headers(
    body: bytes, *, message_id: str, sent_at: datetime, secrets: Sequence[str]
) -> dict[str, str]:
    """The three headers of one attempt; one signature for each secret in force during a
    rotation."""
    timestamp = str(int(sent_at.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_sign(content, secret) for secret in secrets),
    }


def _sign(content: bytes, secret: str) -> str:
    digest = hmac.new(secret_key(secret), content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
