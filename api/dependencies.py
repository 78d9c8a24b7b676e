"""What routes are given: the app's parts, and who is calling."""

import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from contracts.clock import Clock
from dispatch.gateway import Gateway
from store.database import Database


@dataclass(frozen=True)
class Parts:
    """Everything the API works with, made once in its composition root."""

    database: Database
    gateway: Gateway
    clock: Clock
    operator_key: str


@dataclass(frozen=True)
class Caller:
    """Who asks; `id` is what is recorded, never a name."""

    id: str


_bearer = HTTPBearer(auto_error=False, description="Authorization: Bearer <API key>")


async def get_parts(request: Request) -> Parts:
    """The parts of the running app."""
    parts: Parts = request.app.state.parts
    return parts


async def get_caller(
    parts: Annotated[Parts, Depends(get_parts)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """The operator, by the key from the settings. 401 for anybody else."""
    given = credentials.credentials if credentials else ""
    if not secrets.compare_digest(given.encode(), parts.operator_key.encode()):
        detail = "send Authorization: Bearer with a valid API key"
        raise HTTPException(401, detail, headers={"www-authenticate": "Bearer"})
    return Caller(id="operator")


PartsDep = Annotated[Parts, Depends(get_parts)]
CallerDep = Annotated[Caller, Depends(get_caller)]
