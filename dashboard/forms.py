"""What a form of a session brings: from a page of ours, and with the session's token."""

import secrets
from typing import Annotated

from fastapi import Depends

from dashboard.viewers import Viewer, ViewerDep
from web_forms import Fields, ForgedForm, read_open_form

CSRF_FIELD = "csrf"


async def read_form(
    viewer: ViewerDep, fields: Annotated[Fields, Depends(read_open_form)]
) -> Fields:
    """The fields of a form of this session. ForgedForm without its token."""
    require_token(viewer, fields)
    return fields


def require_token(viewer: Viewer, fields: Fields) -> None:
    """ForgedForm for a form that does not bring the token of the session."""
    if not secrets.compare_digest(fields.text(CSRF_FIELD).encode(), viewer.csrf.encode()):
        raise ForgedForm


Form = Annotated[Fields, Depends(read_form)]
