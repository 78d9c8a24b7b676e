"""`/theme`: how light the pages are, in this browser."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.dependencies import PartsDep
from dashboard.frame import choose_theme
from dashboard.page_context import HOME
from web_forms import OpenForm

router = APIRouter()


@router.post("/theme")
async def choose(parts: PartsDep, fields: OpenForm) -> Response:
    """Take the choice, and go back to the page that it was made on, if it is one of ours."""
    back = fields.text("back")
    ours = back.startswith(f"{HOME}/") and back.isprintable()
    answer = RedirectResponse(back if ours else f"{HOME}/", status_code=303)
    choose_theme(answer, parts, fields.text("theme"))
    return answer
