"""`/account/notifications`: what somebody is told by e-mail, a switch for each kind."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import PartsDep
from contracts.access.users import Role
from contracts.errors import NotFound
from contracts.notifications.kinds import OPTIONAL_KINDS, RULES, Audience, NotificationKind
from contracts.notifications.links import PREFERENCES
from dashboard.forms import Form
from dashboard.languages import words_for
from dashboard.page_context import HOME
from dashboard.pages import page
from dashboard.viewers import Viewer, ViewerDep
from store.notifications.choices import choose, switched_off

router = APIRouter()


@router.get(PREFERENCES)
async def choices(request: Request, parts: PartsDep, viewer: ViewerDep, done: str = "") -> Response:
    """What this person is told, and what they have switched off."""
    off: set[NotificationKind] = set()
    if viewer.user_id is not None:
        off = await parts.database.read(switched_off, viewer.user_id)
    words, name = words_for(request), f"done-{done}"
    return page(
        request,
        "notification_choices",
        viewer=viewer,
        kinds=[(kind, kind not in off) for kind in kinds_for(viewer)],
        home=HOME,
        place=PREFERENCES,
        done=words(name) if words.has(name) else None,
    )


@router.post(f"{PREFERENCES}/{{kind}}")
async def choose_kind(
    kind: NotificationKind, parts: PartsDep, viewer: ViewerDep, fields: Form
) -> Response:
    """Switch a kind on or off for this person."""
    if viewer.user_id is None or kind not in kinds_for(viewer):
        raise NotFound("there is no such choice")
    wanted = fields.text("wanted") == "on"
    await parts.database.write(choose, viewer.user_id, kind, parts.clock(), wanted=wanted)
    done = "notification-on" if wanted else "notification-off"
    return RedirectResponse(f"{HOME}{PREFERENCES}?done={done}", status_code=303)


def kinds_for(viewer: Viewer) -> tuple[NotificationKind, ...]:
    """The kinds that somebody of this role is told of and may switch off: none for members, and for
    whoever came from the portal and has no address here."""
    if viewer.user_id is None or viewer.role is Role.MEMBER:
        return ()
    told = (Audience.OWNERS_AND_OPS, *(() if viewer.role is Role.OPS else (Audience.OWNERS,)))
    return tuple(kind for kind in OPTIONAL_KINDS if RULES[kind].email_to in told)
