"""Messages of notifications as lines of a list: what each tells, whom, and how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field, model_validator

from contracts.notifications.kinds import NotificationKind
from contracts.notifications.links import link_path
from contracts.notifications.messages import NOT_TOLD, MessageChannel, MessageState
from dashboard.page_context import HOME, PageContext
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING, code_said
from dashboard.translations import Words
from store.notifications.listing import CarriedNotification, ListedMessage, MessageFilter

_TONES = {
    MessageState.WAITING: WAITING,
    MessageState.SENT: GOOD,
    MessageState.SKIPPED: QUIET,
    MessageState.FAILED: BAD,
    MessageState.REFUSED: BAD,
    MessageState.UNKNOWN: BAD,
}
_NAMED = 3
"""Of what one message tells; the others are counted."""

_OF_WEBHOOKS = (MessageChannel.OPS_WEBHOOK, MessageChannel.PARTNER_WEBHOOK)


class ToldQuery(BaseModel):
    """What the address of the page asks for. `not_told` are all states in which nobody knows."""

    partner_id: str | None = Field(default=None, max_length=64)
    channel: MessageChannel | None = None
    state: MessageState | Literal["not_told"] | None = None
    cursor: str | None = Field(default=None, max_length=300)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """A choice of "any" comes as an empty field."""
        return {name: value for name, value in sent.items() if value != ""}

    def as_filter(self) -> MessageFilter:
        """The filter that the store understands."""
        if self.state is None:
            return MessageFilter(self.partner_id, self.channel)
        states = NOT_TOLD if self.state == "not_told" else (MessageState(self.state),)
        return MessageFilter(self.partner_id, self.channel, states)

    def narrowed_to(self, state: str | None) -> str:
        """The query that asks for the same in another state, from the first page on."""
        asked = self.model_dump(mode="json", exclude={"cursor", "state"}, exclude_none=True)
        query = {**asked, **({"state": state} if state else {})}
        return f"?{urlencode(query)}" if query else ""


@dataclass(frozen=True)
class Item:
    """What a message tells: a kind, what it is about, and the page of it, where there is one."""

    kind: str
    about: str
    place: str | None
    left_out: bool


@dataclass(frozen=True)
class Line:
    """One message. `more` is how many things it tells beside its `items`; `until` is when it goes,
    where it waits for that."""

    message: ListedMessage
    to: str
    address: str | None
    items: Sequence[Item]
    more: int
    state: str
    tone: str
    means: str
    answer: str | None
    until: datetime | None


def line_of(context: PageContext, message: ListedMessage) -> Line:
    """A message in words."""
    t, row = context.words, message.row
    shown = message.notifications[:_NAMED]
    waits = row.state is MessageState.WAITING and row.send_after > context.now()
    return Line(
        message=message,
        to=_to(t, message),
        address=message.recipient.address if message.recipient else None,
        items=[_item(t, one) for one in shown],
        more=message.count - len(shown),
        state=t(f"told-state-{row.state}"),
        tone=_TONES[row.state],
        means=t(f"told-means-{row.state}"),
        answer=_answer(t, row.channel, row.code),
        until=row.send_after if waits else None,
    )


def _to(t: Words, message: ListedMessage) -> str:
    if message.recipient is not None:
        return message.recipient.name
    return t(f"told-to-{message.row.channel}")


def _answer(t: Words, channel: MessageChannel, code: str | None) -> str | None:
    """What the other side answered: in words where it is HTTP's, else its code."""
    return code_said(t, code) if code and channel in _OF_WEBHOOKS else code


def _item(t: Words, one: CarriedNotification) -> Item:
    path = link_path(one.kind, partner_id=one.partner_id, endpoint_id=one.endpoint_id, secret=None)
    place = f"{HOME}{path}" if path.startswith(("/p/", "/ops/")) else None
    return Item(t(f"notification-{one.kind}"), _about(t, one), place, one.left_out)


def _about(t: Words, one: CarriedNotification) -> str:
    """The one thing that tells it from another of its kind."""
    about = one.about
    if one.kind is NotificationKind.WEEKLY_OUTCOMES:
        return str(about.get("week") or "")
    if (count := about.get("count")) is not None:
        return t("told-count", count=count)
    return str(about.get("host") or "")
