"""Who looks at the dashboard: the session behind the cookie.

Without one every page sends to the sign-in; what belongs to another partner is not found, never
forbidden.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from api.dependencies import Parts, PartsDep
from contracts.access.users import Role
from dashboard.browsers import browser_named, network_shown
from dashboard.cookies import give_cookie, is_secure, take_cookie
from dashboard.languages import note_choice
from dashboard.limits import limit_pages
from store.access.sessions import Begun, is_to_be_noted, note_seen, session_of
from store.tables import SessionRow

_NAME, _SECURE_NAME = "doorstep_session", "__Host-doorstep_session"


class SignInNeeded(Exception):
    """Nobody is signed in, or the session has ended."""


@dataclass(frozen=True)
class Viewer:
    """Somebody who is signed in. `actor` is what the audit log records: the user, or of somebody
    from the portal the session."""

    session_id: str
    user_id: str | None
    role: Role
    partner_id: str | None
    name: str
    csrf: str
    expires_at: datetime
    language: str | None = None

    @classmethod
    def of(cls, row: SessionRow) -> "Viewer":
        """Whoever has this session."""
        return cls(
            row.id,
            row.user_id,
            row.role,
            row.partner_id,
            row.name,
            row.csrf,
            row.expires_at,
            row.language,
        )

    @property
    def actor(self) -> str:
        """Who did what is done now."""
        return self.user_id or self.session_id

    @property
    def is_ops(self) -> bool:
        """Whether every partner may be seen."""
        return self.role is Role.OPS and self.partner_id is None

    @property
    def may_change(self) -> bool:
        """Whether settings, secrets, keys and people may be changed."""
        return self.role is not Role.MEMBER


async def get_viewer(request: Request, parts: PartsDep) -> Viewer:
    """The viewer. SignInNeeded when nobody is signed in."""
    token = cookie_of(request, parts)
    now = parts.clock()
    row = await parts.database.read(session_of, token, now) if token else None
    if row is None:
        raise SignInNeeded
    note_choice(request, row.language)
    limit_pages(request, parts, row)
    if is_to_be_noted(row, now):
        browser = browser_named(request.headers.get("user-agent", ""))
        network = network_shown(request.client.host if request.client else "")
        seen = {"browser": browser, "network": network}
        await parts.database.write(note_seen, row.id, now, **seen)
    return Viewer.of(row)


ViewerDep = Annotated[Viewer, Depends(get_viewer)]


def cookie_of(request: Request, parts: Parts) -> str | None:
    """What the browser sends of its session."""
    return request.cookies.get(_cookie_name(parts))


def give_session(answer: Response, parts: Parts, begun: Begun) -> None:
    """Let the browser keep the session until it ends."""
    lasts = begun.row.expires_at - begun.row.created_at
    give_cookie(answer, parts, _cookie_name(parts), begun.token, max_age=int(lasts.total_seconds()))


def take_session(answer: Response, parts: Parts) -> None:
    """Let the browser forget the session."""
    take_cookie(answer, parts, _cookie_name(parts))


def _cookie_name(parts: Parts) -> str:
    return _SECURE_NAME if is_secure(parts) else _NAME
