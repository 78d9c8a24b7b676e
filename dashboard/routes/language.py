"""`/language`: the language of the pages, of whoever is signed in or of this browser."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import Parts, PartsDep
from contracts.errors import NotFound
from dashboard.forms import require_token
from dashboard.languages import keep_choice
from dashboard.page_context import HOME
from dashboard.translations import languages
from dashboard.viewers import SignInNeeded, get_viewer
from store.access.languages import choose_language
from web_forms import Fields, OpenForm

router = APIRouter()


@router.post("/language")
async def choose(request: Request, parts: PartsDep, fields: OpenForm) -> Response:
    """Take the choice, and go back to the page that it was made on."""
    language = fields.text("language")
    if language not in languages():
        raise NotFound("there is no such page")
    await _keep_for_viewer(request, parts, fields, language)
    answer = RedirectResponse(_back(fields.text("back")), status_code=303)
    keep_choice(answer, parts, language)
    return answer


async def _keep_for_viewer(request: Request, parts: Parts, fields: Fields, language: str) -> None:
    """Keep it for whoever is signed in, so that they have it in every browser."""
    try:
        viewer = await get_viewer(request, parts)
    except SignInNeeded:
        return
    require_token(viewer, fields)
    await parts.database.write(choose_language, viewer.session_id, viewer.user_id, language)


def _back(place: str) -> str:
    """A page of ours; the first one for any other address."""
    return place if place.startswith(f"{HOME}/") else f"{HOME}/"
