"""Failed updates of all partners: which are asked for, each in words, and retried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field, model_validator

from api.retries import request_retries
from contracts.delivery.states import Channel, DeadLetterReason
from contracts.errors import EngineUnavailable
from dashboard.dead_letters import Outcome, refusal_text
from dashboard.page_context import PageContext
from dashboard.state_texts import code_said
from dashboard.temporal_links import event_link
from store.db.keyset import Position
from store.dead_letters.queue import DeadLetterFilter, ListedDeadLetter
from store.retries import dead_letters
from store.retries.dead_letters import RetrySelection

_MOST_BATCHES = 5


class FailedQuery(BaseModel):
    """What the address of the page asks for."""

    partner_id: str | None = Field(default=None, max_length=64)
    channel: Channel | None = None
    reason: DeadLetterReason | None = None
    cursor: str | None = Field(default=None, max_length=300)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """A choice of "any" comes as an empty field."""
        return {name: value for name, value in sent.items() if value != ""}

    def as_filter(self) -> DeadLetterFilter:
        """The filter that the store understands. Tests are for the partner's own list."""
        return DeadLetterFilter(**self.model_dump(exclude={"cursor"}), is_test=False)

    @property
    def narrows(self) -> bool:
        """Whether it leaves some out."""
        return any(self.model_dump(exclude={"cursor"}).values())

    @property
    def address(self) -> str:
        """The query that asks for the same, from the first page on."""
        asked = self.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)
        return f"?{urlencode(asked)}" if asked else ""


@dataclass(frozen=True)
class FailedLine:
    """One line of the list."""

    row: ListedDeadLetter
    partner: str
    answer: str
    age_s: float
    temporal: str | None


def lines_of(
    context: PageContext, rows: Sequence[ListedDeadLetter], names: Mapping[str, str]
) -> list[FailedLine]:
    """Failed updates in words; `names` are their partners'."""
    t, ui = context.words, context.parts.temporal_ui
    return [
        FailedLine(
            one,
            names.get(one.partner_id, one.partner_id),
            code_said(t, one.code) if one.code else t(f"letters-reason-{one.reason}"),
            (context.now() - one.created_at).total_seconds(),
            event_link(ui, one.event_id),
        )
        for one in rows
    ]


async def retry_failed(context: PageContext, ids: Sequence[str]) -> Outcome:
    """Send these again."""
    actor = context.viewer.actor
    asked = await context.write(dead_letters.ask_for_many, ids, context.now(), actor=actor)
    return await _signal(context, asked)


async def retry_all_failed(context: PageContext, wanted: FailedQuery) -> Outcome:
    """Send all that match again, the oldest first, in batches; `left` are those for another
    press."""
    outcome, actor = Outcome(), context.viewer.actor
    after: Position | None = None
    for _ in range(_MOST_BATCHES):
        asked = await context.write(
            dead_letters.ask_for_all, wanted.as_filter(), context.now(), actor=actor, after=after
        )
        outcome = outcome.and_then(await _signal(context, asked))
        after = asked.last
        if after is None or context.words("refused-not-taken") in outcome.refused.values():
            break
    return outcome


async def _signal(context: PageContext, asked: RetrySelection) -> Outcome:
    """Tell Temporal of the wishes; what it does not take is refused, with the way on."""
    actor = context.viewer.actor
    try:
        taken = await request_retries(
            context.parts.gateway, asked.events, requested_by=actor, resend=False
        )
    except EngineUnavailable:
        taken = []
    untaken = [one for event in asked.events if event not in taken for one in event.deliveries]
    refused = {
        one: refusal_text(context.words, asked.causes.get(one)) for one in asked.refused
    } | dict.fromkeys(untaken, context.words("refused-not-taken"))
    return Outcome(sum(len(event.deliveries) for event in taken), refused, asked.left)
