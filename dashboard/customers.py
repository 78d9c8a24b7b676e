"""A customer as pages show one: the first name and the last four digits of the phone."""

from contracts.payload.names import first_name
from dashboard.translations import Words

_SHOWN_DIGITS = 4


def customer_shown(t: Words, name: str | None, phone: str | None) -> str | None:
    """Who it is, masked; None where nothing of it is known."""
    first = first_name(name) if name else None
    digits = phone[-_SHOWN_DIGITS:] if phone else None
    if first and digits:
        return t("customer-masked", name=first, digits=digits)
    if digits:
        return t("customer-phone-masked", digits=digits)
    return first
