"""What the route of a page works with, and how it answers.

A partner's page is under `/dashboard/p/{partner_id}`, for the partner's own people and for ops who
look at it as the partner does. `owner` goes into every call of the store, so that nothing of
another partner's is ever found there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from sqlmodel import Session

from api.dependencies import Parts, PartsDep
from contracts.errors import DoorstepError, NotFound
from contracts.time_zones import DEFAULT_TIME_ZONE
from dashboard.faults import refusal_said
from dashboard.languages import words_for
from dashboard.limits import limit_changes
from dashboard.pages import page
from dashboard.temporal_links import place_link
from dashboard.times import countdown_shown, moment_shown, span_shown
from dashboard.translations import Words, words_in
from dashboard.viewers import Viewer, ViewerDep
from store.partners.partners import get_partner
from store.reports.waiting import Waiting, read_waiting
from store.tables import PartnerRow

P = ParamSpec("P")
T = TypeVar("T")

HOME = "/dashboard"


@dataclass(frozen=True)
class PageContext:
    """Who looks, and the ways to read, to change and to answer."""

    request: Request
    parts: Parts
    viewer: Viewer
    zone: str = DEFAULT_TIME_ZONE
    words: Words = field(default_factory=words_in)
    waiting: Waiting = field(default_factory=Waiting)
    """What stands beside the menu; of a form that is sent, nothing is counted."""

    @property
    def base(self) -> str:
        """Where the pages of this context begin."""
        return f"{HOME}/ops"

    @property
    def temporal(self) -> str | None:
        """Where the Temporal UI shows what this page is about."""
        address = self.request.url.path, self.request.query_params
        return place_link(self.parts.temporal_ui, *address)

    def now(self) -> datetime:
        """The time by the clock of the app, in the zone of this context: so are times in
        sentences."""
        return self.parts.clock().astimezone(ZoneInfo(self.zone))

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Read from the store."""
        return await self.parts.database.read(work, *args, **kwargs)

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Change something in the store, in one transaction."""
        return await self.parts.database.write(work, *args, **kwargs)

    def page(self, template: str, status: int = 200, /, **shown: Any) -> HTMLResponse:
        """Answer with a page. Templates know `context`, `viewer`, `t`, and how times are shown."""
        now = self.now()
        return page(
            self.request,
            template,
            status,
            words=self.words,
            context=self,
            viewer=self.viewer,
            partner=getattr(self, "partner", None),
            path=self.request.url.path,
            done=self._done(),
            when=lambda moment, seconds=True: self.when(moment, seconds=seconds),
            countdown=lambda moment: countdown_shown(self.words, moment, now),
            span=lambda seconds: span_shown(self.words, seconds),
            **shown,
        )

    def when(self, moment: datetime | None, *, seconds: bool = True) -> Markup:
        """A moment in the time zone of this context."""
        return moment_shown(moment, self.zone, self.words.language, seconds=seconds)

    def refused(self, error: DoorstepError) -> str:
        """Why something was refused, in the words of this context."""
        return refusal_said(self.words, error)

    def go_to(self, place: str, *, done: str | None = None, **query: str) -> RedirectResponse:
        """Send the browser to a page under `base`, once a form was taken. `done` names the message
        that the page shows: `done-…` in the words."""
        asked = {**query, **({"done": done} if done else {})}
        return RedirectResponse(f"{self.base}{place}{_query(asked)}", status_code=303)

    def same_page(self, **changed: str | None) -> str:
        """The address of this page with other values in its query; None takes one out."""
        kept = {
            name: value
            for name, value in {**self.request.query_params, **changed}.items()
            if value is not None and (name in changed or name != "done")
        }
        return f"{self.request.url.path}{_query(kept)}"

    def address(self, place: str) -> str:
        """A whole address of the dashboard, to be passed on to somebody."""
        origin = self.parts.text_rules.public_url or str(self.request.base_url.replace(path=""))
        return f"{origin.rstrip('/')}{HOME}{place}"

    def _done(self) -> str | None:
        """What a form has led to, in words; what is not ours to say is not said."""
        name = f"done-{self.request.query_params.get('done', '')}"
        return self.words(name) if self.words.has(name) else None


@dataclass(frozen=True, kw_only=True)
class PartnerContext(PageContext):
    """The context of one partner's page."""

    partner: PartnerRow

    @property
    def base(self) -> str:
        """Where the partner's pages begin."""
        return f"{HOME}/p/{self.partner.id}"

    @property
    def owner(self) -> str:
        """Whose rows alone are seen and changed here."""
        return self.partner.id


async def partner_context(
    request: Request, parts: PartsDep, viewer: ViewerDep, partner_id: str
) -> PartnerContext:
    """The context of a partner's page. NotFound for other partners' people."""
    if viewer.partner_id != partner_id and not viewer.is_ops:
        raise NotFound("there is no such page")
    partner, waiting = await parts.database.read(_partner, partner_id, shown=_is_shown(request))
    if not viewer.is_ops:
        limit_changes(request, parts, partner.id, partner.tier)
    return PartnerContext(
        request,
        parts,
        viewer,
        partner.time_zone,
        words_for(request),
        waiting=waiting,
        partner=partner,
    )


def _partner(session: Session, partner_id: str, *, shown: bool) -> tuple[PartnerRow, Waiting]:
    partner = get_partner(session, partner_id)
    return partner, read_waiting(session, partner_id) if shown else Waiting()


def _is_shown(request: Request) -> bool:
    return request.method == "GET"


async def ops_context(request: Request, parts: PartsDep, viewer: ViewerDep) -> PageContext:
    """The context of a page for ops, which is English. NotFound for everybody else."""
    if not viewer.is_ops:
        raise NotFound("there is no such page")
    if not _is_shown(request):
        return PageContext(request, parts, viewer)
    waiting = await parts.database.read(read_waiting, None)
    return PageContext(request, parts, viewer, waiting=waiting)


async def changing_context(
    context: Annotated[PartnerContext, Depends(partner_context)],
) -> PartnerContext:
    """The context of a page that changes settings, secrets, keys or people: not for members."""
    if not context.viewer.may_change:
        raise MembersMayNot
    return context


class MembersMayNot(Exception):
    """A member of a partner asked for something that is an owner's."""


def _query(values: Mapping[str, str]) -> str:
    return f"?{urlencode(values)}" if values else ""


PartnerPage = Annotated[PartnerContext, Depends(partner_context)]
"""For pages that any of the partner's people may see."""
OwnerPage = Annotated[PartnerContext, Depends(changing_context)]
"""For what only owners, and ops, may do."""
OpsPage = Annotated[PageContext, Depends(ops_context)]
