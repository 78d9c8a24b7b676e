"""How a test text to the shop owner's own phone goes, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contracts.delivery.states import DeliveryState, SmsState
from contracts.errors import NotFound
from store.events.detail import event_detail
from store.tables import DeadLetterRow, DeliveryRow, SmsMessageRow

_UNDER_WAY = (DeliveryState.PENDING, DeliveryState.DELIVERING)
_NEWS_AWAITED_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class TrialText:
    """A test text: its event, its delivery once that is planned, and the text once it is claimed.
    `under_way`: there may be news soon."""

    event_id: str
    delivery: DeliveryRow | None
    dead_letter: DeadLetterRow | None
    text: SmsMessageRow | None
    under_way: bool

    @property
    def message(self) -> str:
        """What to say about it: the message of the text's own state, else of its delivery's."""
        if self.delivery is None:
            return "tested-pending"
        if self.delivery.state is DeliveryState.DELIVERED and self.text is not None:
            return f"tested-{self.text.state}"
        return "tested-pending" if self.delivery.state in _UNDER_WAY else "tested-not"

    @property
    def tone(self) -> str:
        """Of the note that says it."""
        arrived = self.text is not None and self.text.state is SmsState.DELIVERED
        bad = self.message in ("tested-not", "tested-undelivered", "tested-unknown")
        return "good" if arrived else "bad" if bad else "waiting"


def trial_text(session: Session, event_id: str, owner: str, now: datetime) -> TrialText | None:
    """How a test text stands; None when there is none of this owner's with this id."""
    try:
        detail = event_detail(session, event_id, owner=owner)
    except NotFound:
        return None
    if not detail.event.is_test:
        return None
    delivery = next(iter(detail.deliveries), None)
    text = detail.texts[-1] if detail.texts else None
    fresh = detail.event.accepted_at > now - _NEWS_AWAITED_FOR
    waits = delivery is None or delivery.state in _UNDER_WAY
    news = text is not None and text.awaits_news
    dead_letter = detail.dead_letters[-1] if detail.dead_letters else None
    return TrialText(event_id, delivery, dead_letter, text, fresh and (waits or news))
