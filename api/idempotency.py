"""`Idempotency-Key`: a request that makes a secret may be repeated without making another.

After draft-ietf-httpapi-idempotency-key-header-07; another body with the same key is a 409.
"""

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Request

from api.auth.key_check import OpsOrPartner
from store.access.idempotency import Repeatable

_Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="made by you for this request: repeated within a day, it has the same answer",
        examples=["2f1d9a52-6c3e-4b8e-9d0f-5a7c1e4b8d63"],
    ),
]


async def repeatable(
    request: Request, caller: OpsOrPartner, idempotency_key: _Key = None
) -> Repeatable | None:
    """What tells this request from others of the same caller; None where it has no key."""
    if idempotency_key is None:
        return None
    words = (caller.id, request.method, request.url.path, idempotency_key)
    return Repeatable(_digest("\n".join(words).encode()), _digest(await request.body()))


Idempotent = Annotated[Repeatable | None, Depends(repeatable)]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
