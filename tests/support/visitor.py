"""Somebody in front of the dashboard, without a browser: signs in, reads pages, sends forms."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi import FastAPI

from api.dependencies import Parts
from contracts.access.users import Invite, Role
from store.access.invitations import invite
from store.access.sessions import Begun, accept_invitation
from tests.support.parts import CHEAP

PASSWORD = "four quiet words here"
PASSWORD_HASH = CHEAP.hash(PASSWORD)

COOKIE = "doorstep_session"


@dataclass
class Page:
    """A page as it came: its status, its source, and its text without any mark-up."""

    status: int
    html: str
    url: str
    text: str = field(init=False)

    def __post_init__(self) -> None:
        reader = _Text()
        reader.feed(self.html)
        self.text = re.sub(r"\s+", " ", " ".join(reader.found)).strip()

    @property
    def csrf(self) -> str:
        """The token in the forms of this page."""
        return str(re.findall(r'name="csrf" value="([^"]+)"', self.html)[0])


class Visitor:
    """A client with the cookies of one session; `https` addresses are not needed on loopback."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://doorstep.test"
        )

    async def get(self, path: str, **headers: str) -> Page:
        """Open a page under /dashboard, wherever that leads."""
        return _page(
            await self.http.get(f"/dashboard{path}", headers=headers, follow_redirects=True)
        )

    async def post(
        self, path: str, fields: dict[str, Any] | None = None, *, csrf: str | None = None
    ) -> Page:
        """Send a form with the session's token, as a browser does from a page of ours."""
        token = csrf if csrf is not None else await self.csrf()
        answer = await self.http.post(
            f"/dashboard{path}",
            data={"csrf": token, **(fields or {})},
            headers={"sec-fetch-site": "same-origin"},
            follow_redirects=True,
        )
        return _page(answer)

    async def csrf(self) -> str:
        """The token of this session."""
        return (await self.get("/account")).csrf

    async def sign_in_as(self, role: Role, partner_id: str | None = None) -> "Visitor":
        """Be somebody with this role, who has accepted an invitation."""
        parts: Parts = self.app.state.parts
        now = parts.clock()
        asked = Invite(
            email=f"{role}@{partner_id or 'doorstep'}.example",
            name=f"{role} person",
            role=role,
            partner_id=partner_id,
        )
        _, token = await parts.database.write(invite, asked, now, actor="test")
        begun = await parts.database.write(accept_invitation, token, PASSWORD_HASH, now)
        assert isinstance(begun, Begun)
        self.http.cookies.set(COOKIE, begun.token, domain="doorstep.test")
        return self


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _page(answer: httpx.Response) -> Page:
    return Page(answer.status_code, answer.text, str(answer.url))
