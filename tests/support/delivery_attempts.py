"""A delivery as its workflow sees it, and its attempts on the real store."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from contracts.delivery.messages import PostWebhook, SendResult, SendSms
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import Channel
from contracts.delivery.verdicts import Answer
from contracts.sms.answers import SmsAnswer, SmsFate
from store.deliveries.attempt_endings import EndedAttempt, finish_attempt
from store.deliveries.attempts import ReadyAttempt, begin_attempt
from store.sms.claims import ReadySms, claim_sms
from store.sms.outcomes import lose_sight, refuse_sms, settle_sms
from tests.support.shelf import ACCEPTED, BUSY, REQUEST, WITH_CALLBACKS

DELAYS = [30.0]
"""Two attempts end a round, so that lives are short."""

STATUSES = ("200", "410", "429", "503")
TWILIO_SAYS = {
    "taken": ACCEPTED,
    "busy": BUSY,
    "rejected": SmsAnswer(SmsFate.BAD_NUMBER, "twilio_21211"),
    "nothing": SmsAnswer(SmsFate.UNKNOWN, "timeout"),
}


@dataclass
class Delivery:
    """A delivery, and what its workflow knows of it.

    `ready` is its attempt in flight, `lost` are those whose worker died, `text` is the latest that
    was claimed. `dead` is how its round ended, until that is recorded. `signals` are the retries
    that were asked for and have not arrived, each with whether it is a resend.
    """

    id: str
    event_id: str
    channel: Channel
    on_its_way: bool
    round: int = 1
    resend: bool = False
    ready: ReadyAttempt | ReadySms | None = None
    lost: list[ReadyAttempt | ReadySms] = field(default_factory=list)
    text: ReadySms | None = None
    dead: SendResult | None = None
    signals: list[bool] = field(default_factory=list)
    callbacks: int = 0

    @property
    def may_begin(self) -> bool:
        """Whether its workflow would make the next attempt."""
        return self.on_its_way and self.ready is None and self.dead is None


def begin(session: Session, one: Delivery, now: datetime) -> ReadyAttempt | ReadySms | SendResult:
    """Open the next attempt of the round, or hear why there is none."""
    task = (one.event_id, one.id, one.round, DELAYS, one.resend)
    if one.channel is Channel.SMS:
        return claim_sms(session, SendSms(*task), now, REQUEST, WITH_CALLBACKS)
    return begin_attempt(session, PostWebhook(*task), now, REQUEST)


def finish(
    session: Session, ready: ReadyAttempt | ReadySms, says: str, now: datetime
) -> SendResult | None:
    """Write down a status or a word of TWILIO_SAYS; None: the next attempt waits."""
    schedule = RetrySchedule(DELAYS)
    if isinstance(ready, ReadyAttempt):
        answer = Answer(f"http_{says}", int(says))
        ended = EndedAttempt(ready.attempt_id, answer, schedule)
        return finish_attempt(session, ended, now).settled.result
    said = TWILIO_SAYS[says]
    if said.fate is SmsFate.TAKEN:
        return settle_sms(session, ready.sms_id, said, now)
    if said.fate is SmsFate.UNKNOWN:
        return lose_sight(session, ready.sms_id, code=said.code, now=now)
    return refuse_sms(session, ready.sms_id, said, schedule, now).result
