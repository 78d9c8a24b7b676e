"""What a partner may set about its texts, as the form shows it and as the API would be asked."""

from enum import StrEnum
from typing import Any, TypeVar

from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.relevance import NEEDED_BY_CUSTOMERS
from store.deliveries.fallback import fallback_types
from store.tables import PartnerRow
from web_forms import Fields

Word = TypeVar("Word", bound=StrEnum)


def as_set(partner: PartnerRow) -> dict[str, Any]:
    """The settings as their form shows them: with every type that null stands for."""
    return {
        "sms_enabled": partner.sms_enabled,
        "sms_event_types": partner.sms_event_types or list(EventType),
        "sms_language": partner.sms_language,
        "sms_fallback": partner.sms_fallback,
        "sms_fallback_types": fallback_types(partner),
    }


def texted(partner: PartnerRow) -> dict[EventType, str]:
    """For each type, whether its customers are texted: the end of a message."""
    always = (partner.sms_event_types or list(EventType)) if partner.sms_enabled else []
    instead = fallback_types(partner) if partner.sms_fallback else []
    return {
        kind: "yes" if kind in always else "instead" if kind in instead else "no"
        for kind in EventType
    }


def wanted(partner: PartnerRow, fields: Fields) -> tuple[dict[str, Any], str | None]:
    """What a form asks for, as the API would be asked, and what is wrong with it."""
    types, instead = _ticked(fields, "types"), _ticked(fields, "fallback_types")
    asked: dict[str, Any] = {
        "sms_enabled": fields.has("on"),
        "sms_event_types": types,
        "sms_language": one_of(Language, fields.text("language")) or partner.sms_language,
        "sms_fallback": fields.has("fallback"),
        "sms_fallback_types": instead,
    }
    if asked["sms_enabled"] and not types:
        return asked, "texts-no-types"
    if asked["sms_fallback"] and not instead:
        return asked, "texts-no-fallback-types"
    all_of_them = not types or types == list(EventType)
    asked["sms_event_types"] = None if all_of_them else types
    by_itself = set(asked["sms_event_types"] or NEEDED_BY_CUSTOMERS)
    asked["sms_fallback_types"] = None if not instead or set(instead) == by_itself else instead
    return asked, None


def one_of(kind: type[Word], value: str) -> Word | None:
    """The word of this kind that was sent; None for anything else."""
    return next((one for one in kind if one == value), None)


def _ticked(fields: Fields, name: str) -> list[EventType]:
    return [kind for kind in EventType if kind in fields.texts(name)]
