"""What a partner may set about its SMS, one switch at a time, as the API would be asked."""

from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from contracts.partners import PartnerChange
from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.relevance import NEEDED_BY_CUSTOMERS
from store.deliveries.fallback import fallback_types
from store.tables import PartnerRow

Word = TypeVar("Word", bound=StrEnum)


def texted(partner: PartnerRow, *, if_on: bool = False) -> dict[EventType, str]:
    """For each type, whether its customers are texted: the end of a message. `if_on`: as it is
    once SMS are turned on."""
    chosen = partner.sms_event_types or list(EventType)
    always = chosen if partner.sms_enabled or if_on else []
    instead = fallback_types(partner) if partner.sms_fallback else []
    return {
        kind: "yes" if kind in always else "instead" if kind in instead else "no"
        for kind in EventType
    }


def turned_on(language: Language) -> PartnerChange:
    """The owner's yes, with the language that the texts were seen in."""
    return PartnerChange(sms_enabled=True, sms_language=language)


def with_type(partner: PartnerRow, kind: EventType, *, on: bool) -> PartnerChange | None:
    """A type switched on or off; None where none would be left."""
    types = _changed(partner.sms_event_types or list(EventType), kind, on=on)
    if not types:
        return None
    return PartnerChange(sms_event_types=None if types == list(EventType) else types)


def with_fallback(partner: PartnerRow, *, on: bool) -> PartnerChange:
    """The fallback switched on or off. Who chooses it while SMS wait for a yes has chosen it in
    the place of them."""
    if on and partner.sms_awaits_owner:
        return PartnerChange(sms_fallback=True, sms_enabled=False)
    return PartnerChange(sms_fallback=on)


def with_fallback_type(partner: PartnerRow, kind: EventType, *, on: bool) -> PartnerChange | None:
    """A type of the fallback switched on or off; None where none would be left."""
    types = _changed(fallback_types(partner), kind, on=on)
    if not types:
        return None
    by_itself = set(partner.sms_event_types or NEEDED_BY_CUSTOMERS)
    return PartnerChange(sms_fallback_types=None if set(types) == by_itself else types)


def one_of(kind: type[Word], value: str) -> Word | None:
    """The word of this kind that was sent; None for anything else."""
    return next((one for one in kind if one == value), None)


def _changed(chosen: Collection[str], kind: EventType, *, on: bool) -> list[EventType]:
    return [one for one in EventType if (on if one is kind else one in chosen)]
