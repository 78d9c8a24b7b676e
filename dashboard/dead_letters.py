"""Failed updates on a page: which are asked for, each in words, and what a retry has led to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, Field, model_validator

from api.cursors import write_cursor
from contracts.delivery.advice import ANOTHER_NUMBER_HELPS, RETRY_IS_NO_USE, advice_on
from contracts.delivery.states import Channel, DeadLetterReason
from contracts.payload.events import EventType
from contracts.payload.fields import UtcDatetime
from contracts.payload.numbers import MOST_WHOLE
from dashboard.date_ranges import DateRange
from dashboard.page_context import PartnerContext
from dashboard.state_texts import code_said, dead_letter_text
from dashboard.time_ranges import When, range_of
from dashboard.translations import Words
from store.db.keyset import Position
from store.dead_letters.queue import DeadLetterFilter, ListedDeadLetter
from store.endpoints.endpoints import list_endpoints
from store.tables import EndpointRow

PAGE = 25
_MOST_ENDPOINTS = 50
_EXACT = ("endpoint_id", "channel", "event_type", "reason")
_TIMES = ("when", "since", "until")


class DeadLetterListQuery(BaseModel):
    """What the address of the page asks for. `asked` is the moment of a retry whose progress is
    shown; `left` how many more of its filter there were."""

    endpoint_id: str | None = Field(default=None, max_length=64)
    channel: Channel | None = None
    event_type: EventType | None = None
    reason: DeadLetterReason | None = None
    when: When | None = None
    since: str = Field(default="", max_length=32)
    until: str = Field(default="", max_length=32)
    shown: Literal["open", "closed", "tests"] = "open"
    cursor: str | None = Field(default=None, max_length=300)
    asked: UtcDatetime | None = None
    left: int = Field(default=0, ge=0, le=MOST_WHOLE)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """A choice of "any" comes as an empty field."""
        return {name: value for name, value in sent.items() if value != ""}

    @property
    def is_open(self) -> bool:
        """Whether what is shown waits for somebody."""
        return self.shown != "closed"

    def as_filter(self, context: PartnerContext) -> DeadLetterFilter:
        """The filter for the store. NotADay or Reversed for days that bound nothing."""
        time = DateRange.of(self.since, self.until, context.zone)
        if self.when is not None:
            time = range_of(self.when, context.now(), context.zone)
        return DeadLetterFilter(
            partner_id=context.owner,
            open=self.is_open,
            is_test=self.shown == "tests",
            since=time.since,
            until=time.until,
            **self.model_dump(include=set(_EXACT)),
        )

    def narrowed(self) -> dict[str, str]:
        """The filters that are set, as they stand in the address."""
        tests = {"shown": self.shown} if self.shown == "tests" else {}
        names = {*_EXACT, *_TIMES}
        chosen = self.model_dump(mode="json", include=names, exclude_defaults=True)
        return {**chosen, **tests}

    def only(self, when: When | None) -> str:
        """The query of the page with another choice of time."""
        kept = {name: value for name, value in self.narrowed().items() if name not in _TIMES}
        return urlencode({**kept, "when": when} if when else kept)

    def following(self, asked: str, left: int) -> dict[str, str]:
        """The query of the page that shows how the retries of this moment do."""
        more = {"left": str(left)} if left else {}
        return {**self.narrowed(), "asked": asked, **more}

    def place(self, base: str) -> str:
        """The address of this page with its progress, for what looks again by itself."""
        asked = self.asked.isoformat() if self.asked else ""
        return f"{base}/dead-letters?{urlencode(self.following(asked, self.left))}"

    def csv_place(self, base: str) -> str:
        """The address of this list as a file."""
        closed = {"shown": self.shown} if self.shown == "closed" else {}
        return f"{base}/dead-letters.csv?{urlencode({**self.narrowed(), **closed})}"


@dataclass(frozen=True)
class Outcome:
    """What a retry of many has led to: why some were not taken, by dead letter, and how many more
    of the filter there are."""

    asked: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)
    left: int = 0

    def and_then(self, other: Self) -> "Outcome":
        """This and the next batch together."""
        refused = {**self.refused, **other.refused}
        return Outcome(self.asked + other.asked, refused, other.left)


@dataclass(frozen=True)
class DeadLetterLine:
    """One line of the list."""

    row: ListedDeadLetter
    endpoint: str | None
    why: str
    answer: str
    age_s: float
    may: str | None
    """The button that it has: `retry`, `resend` of an SMS that may have been sent, or none where
    the same again would not help."""
    correctable: bool
    """Another phone number helps."""


def lines_of(
    context: PartnerContext, rows: Sequence[ListedDeadLetter], endpoints: Sequence[EndpointRow]
) -> list[DeadLetterLine]:
    """Dead letters in words."""
    names = {one.id: name_of(one) for one in endpoints}
    return [
        DeadLetterLine(
            row=one,
            endpoint=names.get(one.endpoint_id or ""),
            why=dead_letter_text(context.words, one.reason, one.code),
            answer=code_said(context.words, one.code),
            age_s=(context.now() - one.created_at).total_seconds(),
            may=may_be(one.reason, one.code),
            correctable=advice_on(one.reason, one.code) in ANOTHER_NUMBER_HELPS
            and not one.is_test
            and context.viewer.may_change,
        )
        for one in rows
    ]


def may_be(reason: DeadLetterReason, code: str | None) -> str | None:
    """How one may be sent again: `retry`, `resend`, or not at all."""
    if advice_on(reason, code) in RETRY_IS_NO_USE:
        return None
    return "resend" if reason is DeadLetterReason.UNKNOWN else "retry"


def refusal_text(t: Words, cause: str | None) -> str:
    """Why one could not be sent again, for somebody who runs a shop."""
    return t(f"refused-{cause}") if cause is not None else t("failure-refused")


async def endpoints_of(context: PartnerContext) -> list[EndpointRow]:
    """The partner's endpoints, to choose from and to name."""
    return await context.read(
        list_endpoints, partner_id=context.owner, after=None, limit=_MOST_ENDPOINTS
    )


def name_of(endpoint: EndpointRow) -> str:
    """What people call an endpoint: its description, or its host."""
    return endpoint.description or urlsplit(endpoint.url).netloc


def cut_page(rows: Sequence[ListedDeadLetter]) -> tuple[Sequence[ListedDeadLetter], str | None]:
    """A page of the rows that were read, and the cursor of the next one."""
    page = rows[:PAGE]
    if len(rows) <= PAGE:
        return page, None
    return page, write_cursor(Position(page[-1].created_at, page[-1].id))
