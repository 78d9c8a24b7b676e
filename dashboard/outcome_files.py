"""Outcomes as JSON to be saved."""

from fastapi.responses import Response
from pydantic import BaseModel


def json_file(view: BaseModel) -> Response:
    """What the API answers, as a file."""
    headers = {"content-disposition": 'attachment; filename="outcomes.json"'}
    content = view.model_dump_json(by_alias=True)
    return Response(content, media_type="application/json", headers=headers)
