"""What may be asked for after a failed attempt: by its reason, by the partner, by the calendar."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.instructions.choices import DayChoice
from contracts.instructions.words import SLOT_HOURS, InstructionAction, Slot
from contracts.payload.groups import Failure

MOST_DAYS_AHEAD = 14
_SUNDAY = 6

_Do = InstructionAction

_ANY = frozenset(InstructionAction)
_AT_THE_SAME_ADDRESS = _ANY - {_Do.CHANGE_ADDRESS}
_ELSEWHERE = frozenset({_Do.CHANGE_ADDRESS, _Do.HOLD, _Do.RETURN})
_NOT_WANTED = frozenset({_Do.HOLD, _Do.RETURN})
_NOTHING: frozenset[InstructionAction] = frozenset()

BY_REASON: Mapping[str, frozenset[InstructionAction]] = {
    "customer_unavailable": _ANY,
    "customer_unreachable": _ANY,
    "customer_refused": _NOT_WANTED,
    "customer_cancelled": _NOT_WANTED,
    "reschedule_requested": _ANY,
    "address_incorrect": _ELSEWHERE,
    "customer_moved": _ELSEWHERE,
    "access_restricted": _ANY,
    "premises_closed": _ANY,
    "out_of_delivery_area": _ELSEWHERE,
    "payment_not_ready": _AT_THE_SAME_ADDRESS,
    "otp_unavailable": _ANY,
    "otp_mismatch": _ANY,
    "not_attempted": _ANY,
    "vehicle_issue": _ANY,
    "weather_delay": _ANY,
    "shipment_damaged": _NOTHING,
    "shipment_lost": _NOTHING,
}
"""The codes that are known. `other` and every other code go by their category."""

BY_CATEGORY: Mapping[str, frozenset[InstructionAction]] = {
    "customer": _ANY,
    "address": _ELSEWHERE,
    "payment": _AT_THE_SAME_ADDRESS,
    "verification": _ANY,
    "carrier": _ANY,
    "other": _ANY,
}

_NO_RUN_AHEAD = frozenset({"rto", "none"})
"""Next steps of the OMS with no run that the parcel could simply go with once more."""


def actions_after(
    failure: Failure, allowed_by_partner: Sequence[str] | None = None
) -> tuple[InstructionAction, ...]:
    """What may be asked for after a failure, in the order of the words. The partner's list can only
    take away; None takes nothing."""
    by_reason = BY_REASON.get(failure.reason_code, BY_CATEGORY[failure.reason_category])
    kept = _ANY if allowed_by_partner is None else frozenset(allowed_by_partner)
    if failure.next_action in _NO_RUN_AHEAD:
        kept -= {_Do.REATTEMPT}
    return tuple(one for one in InstructionAction if one in by_reason & kept)


def days_ahead(now: datetime, time_zone: str, *, no_sundays: bool) -> tuple[DayChoice, ...]:
    """The days that may be asked for, each with the slots that have not begun: from today on, in
    the partner's time zone. A day without one is left out."""
    here = now.astimezone(ZoneInfo(time_zone))
    days = (here.date() + timedelta(days=ahead) for ahead in range(MOST_DAYS_AHEAD + 1))
    open_days = [day for day in days if not (no_sundays and day.weekday() == _SUNDAY)]
    choices = (DayChoice(day, _slots_of(day, here)) for day in open_days)
    return tuple(one for one in choices if one.slots)


def day_fault(day: date, slot: Slot | None, days: Sequence[DayChoice]) -> str | None:
    """Why this day, or this slot of it, cannot be asked for; None: it can."""
    chosen = next((one for one in days if one.date == day), None)
    if chosen is None:
        return f"choose a day on which is delivered, at most {MOST_DAYS_AHEAD} days ahead"
    if slot is not None and slot not in chosen.slots:
        return "this slot has begun already: choose a later one"
    return None


def _slots_of(day: date, here: datetime) -> tuple[Slot, ...]:
    if day > here.date():
        return tuple(Slot)
    return tuple(slot for slot, hours in SLOT_HOURS.items() if here.time() < hours.begins)
