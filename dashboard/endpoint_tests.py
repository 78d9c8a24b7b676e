"""What became of a test event, for the page it was sent from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from contracts.delivery.states import OPEN_STATES, TURN_COMES, AttemptState, EventState
from contracts.delivery.verdicts import GONE
from contracts.errors import NotFound
from dashboard.page_context import PartnerContext
from dashboard.state_texts import StateText, answer_said, delivery_said
from store.events.detail import EventDetail, event_detail
from store.tables import AttemptRow

_EVERY_S = 1


@dataclass(frozen=True)
class SeenTest:
    """A test event, whole."""

    detail: EventDetail

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come by itself."""
        deliveries = self.detail.deliveries
        if self.detail.event.state is EventState.FAILED:
            return True
        open_ = any(one.state in OPEN_STATES or one.hold_reason in TURN_COMES for one in deliveries)
        return bool(deliveries) and not open_

    @property
    def was_gone(self) -> bool:
        """Whether it was answered 410, which switches an endpoint off when a real event gets it."""
        return any(one.status_code == GONE for one in self.detail.attempts)

    @property
    def arrived(self) -> bool:
        """Whether it was answered with success."""
        return any(one.state is AttemptState.SUCCEEDED for one in self.detail.attempts)


@dataclass(frozen=True)
class ShownAttempt:
    """An attempt in words, with the start of the answer."""

    row: AttemptRow
    said: StateText
    excerpt: str | None


def see_test(session: Session, endpoint_id: str, event_id: str, owner: str) -> SeenTest:
    """Read it. NotFound where it is not a test of this endpoint."""
    detail = event_detail(session, event_id, owner=owner)
    if detail.event.only_target != endpoint_id:
        raise NotFound(f"no test {event_id}")
    return SeenTest(detail)


def test_shown(context: PartnerContext, seen: SeenTest | None) -> dict[str, Any]:
    """A test event in words, and after how many seconds there may be news of it."""
    if seen is None:
        return {"test": None, "test_every_s": None}
    detail = seen.detail
    dead_letters = {one.delivery_id: one for one in detail.dead_letters if one.resolved_at is None}
    return {
        "test": seen,
        "test_event": detail.event,
        "test_said": [
            (one, delivery_said(context.words, one, dead_letters.get(one.id)))
            for one in detail.deliveries
        ],
        "test_attempts": _attempts(context, detail),
        "test_every_s": None if seen.is_over else _EVERY_S,
    }


def _attempts(context: PartnerContext, detail: EventDetail) -> Sequence[ShownAttempt]:
    return [
        ShownAttempt(one, answer_said(context.words, one), detail.excerpts.get(one.id))
        for one in detail.attempts
    ]
