"""The attempts of an endpoint as its log shows them: equal answers in a row as one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from contracts.errors import Invalid
from contracts.payload.events import EventType
from contracts.refusals import Refusal
from dashboard.page_context import PartnerContext
from dashboard.state_texts import StateText, answer_said
from dashboard.translations import Words
from store.db.keyset import Position
from store.deliveries.attempt_log import AnswerKind, AttemptQuery, LoggedAttempt

_LONGEST_EXCERPT = 300
_SEPARATOR = "~"


@dataclass(frozen=True)
class ShownAttempt:
    """One attempt, with the start of the start of its answer."""

    attempt: LoggedAttempt
    excerpt: str | None


@dataclass(frozen=True)
class AnswerRun:
    """Attempts one after the other that were answered alike, the newest first."""

    said: StateText
    attempts: Sequence[ShownAttempt]

    @property
    def newest(self) -> datetime:
        """When the last of them began."""
        return self.attempts[0].attempt.row.started_at

    @property
    def oldest(self) -> datetime:
        """When the first of them began."""
        return self.attempts[-1].attempt.row.started_at


def runs_of(t: Words, attempts: Sequence[LoggedAttempt]) -> list[AnswerRun]:
    """The attempts of a page, put together where they were answered alike."""
    grouped = groupby(attempts, key=lambda one: (one.row.state, one.row.code))
    return [_run(t, list(group)) for _, group in grouped]


def _run(t: Words, attempts: Sequence[LoggedAttempt]) -> AnswerRun:
    shown = [ShownAttempt(one, _shortened(one.excerpt)) for one in attempts]
    return AnswerRun(answer_said(t, attempts[0].row), shown)


def _shortened(excerpt: str | None) -> str | None:
    if excerpt is None or len(excerpt) <= _LONGEST_EXCERPT:
        return excerpt or None
    return f"{excerpt[:_LONGEST_EXCERPT]}…"


def wanted_of(context: PartnerContext, query: Mapping[str, str]) -> AttemptQuery:
    """What the filters ask for. Days are those of the shop. Invalid where they make no sense."""
    since, until = (_day(context, query.get(name, "")) for name in ("from", "to"))
    if since is not None and until is not None and until < since:
        raise Invalid(context.words("attempts-reversed"), field="to", cause=Refusal.SAID)
    return AttemptQuery(
        answer=_one_of(AnswerKind, query.get("answer", "")),
        event_type=_one_of(EventType, query.get("type", "")),
        since=since,
        until=until + timedelta(days=1) if until is not None else None,
    )


def cursor_of(position: Position | None) -> str | None:
    """A position in an address."""
    return f"{position.at.isoformat()}{_SEPARATOR}{position.id}" if position else None


def position_of(cursor: str | None) -> Position | None:
    """The position that an address names; None where it names none."""
    at, separator, row_id = (cursor or "").partition(_SEPARATOR)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return Position(moment, row_id) if separator and moment.tzinfo is not None else None


def _one_of(kind: Any, value: str) -> Any:
    return kind(value) if value in set(kind) else None


def _day(context: PartnerContext, value: str) -> datetime | None:
    """The beginning of a day in the zone of the shop."""
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(context.zone))
    except ValueError:
        raise Invalid(context.words("attempts-no-day"), field="from", cause=Refusal.SAID) from None
