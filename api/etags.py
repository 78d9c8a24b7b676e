"""ETags of what can be changed: `If-Match` keeps a change from undoing somebody else's.

RFC 9110, sections 8.8.3 and 13.1.1. A tag is of the representation, so it changes with any field.
"""

import hashlib
from typing import Annotated, TypeVar

from fastapi import Header, Response
from pydantic import BaseModel

from contracts.errors import PreconditionFailed

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=300,
        description="the `ETag` of what you mean to change: a 412 where it is another by now",
    ),
]

View = TypeVar("View", bound=BaseModel)


def tagged(view: View, response: Response) -> View:
    """The view, with its tag in the answer's head."""
    response.headers["etag"] = _etag_of(view)
    return view


def require_match(wanted: str | None, view: BaseModel) -> None:
    """PreconditionFailed where none of the wanted tags is that of the view.

    A proxy that compresses answers makes their tags weak (nginx does); the client sends what it was
    given. RFC 9110 takes weak tags for no match at all, which would refuse every change behind it.
    """
    if wanted is None or wanted.strip() == "*":
        return
    if _etag_of(view) not in (one.strip().removeprefix("W/") for one in wanted.split(",")):
        raise PreconditionFailed("it was changed meanwhile: read it again, then change that")


def _etag_of(view: BaseModel) -> str:
    return f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()[:32]}"'
