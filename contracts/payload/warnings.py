"""What an accepted event says that cannot be right: told to its sender, and taken all the same.

What is refused would do harm or could not be kept. A warning is about the rest: a value that could
not be read and was taken as null, and fields that contradict each other. Pure, so that the same
event sent again has the same warnings.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from contracts.payload.events import GROUP_MATRIX, TrackingEvent
from contracts.payload.groups import Failure, Order, Otp
from contracts.payload.phones import says_nobody


class WarningCode(StrEnum):
    """What a program can branch on; more codes may be added."""

    UNREADABLE = "unreadable"
    OTP_ALREADY_OVER = "otp_already_over"
    COD_AMOUNT_MISSING = "cod_amount_missing"
    COD_AMOUNT_ON_PREPAID = "cod_amount_on_prepaid"
    ATTEMPT_BEYOND_MAXIMUM = "attempt_beyond_maximum"
    NEXT_ATTEMPT_IN_THE_PAST = "next_attempt_in_the_past"
    SEQUENCE_REPEATED = "sequence_repeated"


class EventWarning(BaseModel):
    """One thing to mend for the next time; the value is never shown."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(description="a dotted path", examples=["data.order.customer.phone"])
    code: WarningCode
    message: str = Field(examples=["it cannot be read and is taken as null"])


SEQUENCE_REPEATED = EventWarning(
    field="sequence",
    code=WarningCode.SEQUENCE_REPEATED,
    message="another event of this order has this sequence: receivers order by it; count on, or "
    "leave it out",
)


def warnings_of(event: TrackingEvent, sent: object) -> list[EventWarning]:
    """The warnings of an event that was read from `sent`, a JSON value."""
    data = sent.get("data") if isinstance(sent, Mapping) else None
    taken = event.data.model_dump(by_alias=True)
    carried = GROUP_MATRIX[event.type]
    unread = [path for path in _unread("data", data, taken) if path.split(".")[1] in carried]
    return [*map(_unreadable, unread), *_contradictions(event)]


def _unread(path: str, sent: object, taken: object) -> Iterator[str]:
    """Where something was sent and null was taken."""
    if isinstance(sent, Mapping) and isinstance(taken, Mapping):
        for name, value in sent.items():
            yield from _unread(f"{path}.{name}", value, taken.get(name))
    elif isinstance(sent, Sequence) and isinstance(taken, list):
        for place, (value, kept) in enumerate(zip(sent, taken, strict=False)):
            yield from _unread(f"{path}.{place}", value, kept)
    elif taken is None and not says_nobody(sent):
        yield path


def _unreadable(path: str) -> EventWarning:
    message = "it cannot be read and is taken as null"
    return EventWarning(field=path, code=WarningCode.UNREADABLE, message=message)


def _contradictions(event: TrackingEvent) -> Iterator[EventWarning]:
    carried, data = GROUP_MATRIX[event.type], event.data
    yield from _of_money(data.order)
    if data.otp is not None and "otp" in carried:
        yield from _of_otp(data.otp, event)
    if data.failure is not None and "failure" in carried:
        yield from _of_failure(data.failure, event)


def _of_money(order: Order) -> Iterator[EventWarning]:
    amount = order.cod_amount.amount if order.cod_amount else 0
    if order.payment_mode == "cod" and order.cod_amount is None:
        yield _warning(
            "order.cod_amount",
            WarningCode.COD_AMOUNT_MISSING,
            "payment_mode is cod: say what is to be paid at the door",
        )
    if order.payment_mode == "prepaid" and amount > 0:
        yield _warning(
            "order.cod_amount",
            WarningCode.COD_AMOUNT_ON_PREPAID,
            "payment_mode is prepaid: nothing is to be paid, and no text asks for it",
        )


def _of_otp(otp: Otp, event: TrackingEvent) -> Iterator[EventWarning]:
    if otp.valid_until <= event.occurred_at:
        yield _warning(
            "otp.valid_until",
            WarningCode.OTP_ALREADY_OVER,
            "it is over when the event occurs: the code is not sent on",
        )


def _of_failure(failure: Failure, event: TrackingEvent) -> Iterator[EventWarning]:
    if failure.attempt_number > failure.max_attempts:
        yield _warning(
            "failure.attempt_number",
            WarningCode.ATTEMPT_BEYOND_MAXIMUM,
            "it is more than max_attempts",
        )
    next_at = failure.next_attempt_at
    if next_at is not None and next_at <= max(event.occurred_at, failure.attempted_at):
        yield _warning(
            "failure.next_attempt_at",
            WarningCode.NEXT_ATTEMPT_IN_THE_PAST,
            "it is no later than the attempt that failed",
        )


def _warning(path: str, code: WarningCode, message: str) -> EventWarning:
    return EventWarning(field=f"data.{path}", code=code, message=message)
