"""The values of a template's variables: for an event, for a sample, and the longest ones.

The linter, the preview and the sending fill the same table, so that none knows a variable that
another does not.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import combinations

from contracts.clock import INDIA_TIME
from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.groups import Failure, Money, Order, Return
from contracts.sms.cleaning import cleaned, cut, without_phone
from contracts.sms.links import LONGEST_URL, sendable_link, without_link_words
from contracts.sms.ordinary import ordinary
from contracts.sms.variable_table import VARIABLES, Variable, VariableKind, variables_for

__all__ = [
    "LONGEST_URL",
    "VARIABLES",
    "Variable",
    "VariableKind",
    "as_text_value",
    "longest_values",
    "sample_values",
    "values_of",
    "variables_for",
    "with_allowed_links",
    "with_fewer_links",
]


_BOTH_PAGES = {"track", "answer"}


def values_of(
    event: TrackingEvent,
    *,
    shop: str,
    opt_out: str | None,
    page: str | None = None,
    answer: str | None = None,
    longest: int = 30,
) -> dict[str, str | None]:
    """What an event says for each variable of its type; None: it says nothing. `page` is the link
    to our own tracking page, for an order that has no link of its own; `answer` the one for a
    customer who may say there what is to be done.

    Texts keep only what may travel (`as_text_value`) and lose the rider's phone; one that is always
    there and has nothing left gets its `instead`. Links over LONGEST_URL characters, those with
    characters that no link has, and shortened ones, which are forbidden in India, count as missing.
    The OTP is for out_for_delivery only.
    """
    rider = event.data.rider
    said = {
        "shop": shop,
        "opt_out": opt_out,
        "answer": answer,
        **_of_order(event.data.order),
        **_of_rest(event),
    }
    said["track"] = said["track"] or page
    phone = rider.phone if rider else None
    return {v.name: _fit(v, said[v.name], longest, phone) for v in variables_for(event.type)}


def as_text_value(said: str, longest: int, phone: str | None = None) -> str:
    """What of a text may stand in a variable: ordinary characters, no link, not this phone (E.164),
    and no more than `longest` characters; perhaps nothing."""
    text = cleaned(ordinary(cleaned(said)))  # a symbol that goes leaves a joiner at the end
    if phone is not None:
        text = cleaned(without_phone(text, phone))
    fitted = cut(without_link_words(text), longest)
    while (plain := without_link_words(fitted)) != fitted:  # a cut host may be a shortener's
        fitted = plain
    return fitted


def with_fewer_links(
    values: Mapping[str, str | None], text: str
) -> Iterator[dict[str, str | None]]:
    """The values with all the links that a template names, then with ever fewer, then with none: a
    link must not cost the customer the rest. Where an answer may be given, the parcel is followed,
    too, so no text has both links."""
    urls = [v.name for v in VARIABLES if v.kind is VariableKind.URL and values.get(v.name)]
    links = [name for name in urls if f"{{{name}}}" in text]
    for count in range(len(links) + 1):
        for missing in combinations(links, count):
            if not {*links} - {*missing} >= _BOTH_PAGES:
                yield {name: None if name in missing else one for name, one in values.items()}


def with_allowed_links(
    values: Mapping[str, str | None], prefixes: Collection[str]
) -> dict[str, str | None]:
    """The values without the links that begin with none of `prefixes`; all where none is given."""
    links = {v.name for v in VARIABLES if v.kind is VariableKind.URL}
    allowed = tuple(prefixes)
    return {
        name: None if name in links and allowed and not (one or "").startswith(allowed) else one
        for name, one in values.items()
    }


def sample_values(event_type: EventType, *, shop: str, longest: int) -> dict[str, str]:
    """A usual value for each variable of a type, for a shop of this name."""
    usual = {v: v.sample if v.name != "shop" else shop for v in variables_for(event_type)}
    return {v.name: _fit(v, sample, longest, None) or v.instead for v, sample in usual.items()}


def longest_values(event_type: EventType, *, longest: int) -> dict[str, str]:
    """The longest values to reckon with: every text fills its `longest` characters, in Indian
    scripts. Links are long ones from practice, not of LONGEST_URL characters."""
    return {v.name: _filled(v, longest) for v in variables_for(event_type)}


def _of_order(order: Order) -> dict[str, str | None]:
    to_pay = order.cod_amount if order.payment_mode == "cod" else None
    return {
        "order_id": order.order_id,
        "customer": order.customer.name if order.customer else None,
        "city": order.delivery_address.city,
        "track": order.tracking_url,
        "cod_amount": _written(to_pay) if to_pay and to_pay.amount else None,
    }


def _of_rest(event: TrackingEvent) -> dict[str, str | None]:
    data = event.data
    otp = data.otp if data.otp and data.otp.code else None
    failure: Failure | Return | None = data.failure
    if event.type is EventType.RETURN_INITIATED:
        failure = data.return_
    again = data.failure.next_attempt_at if data.failure else None
    return {
        "rider": data.rider.name if data.rider else None,
        "vehicle_number": data.rider.vehicle_number if data.rider else None,
        "otp": otp.code if otp else None,
        "otp_until": _in_india(otp.valid_until, "%H:%M") if otp else None,
        "reason": failure.reason_text if failure else None,
        "next_attempt": _in_india(again, "%d-%m-%Y"),
        "received_by": data.delivery.received_by if data.delivery else None,
    }


def _fit(variable: Variable, said: str | None, longest: int, phone: str | None) -> str | None:
    if said is None or variable.kind not in (VariableKind.TEXT, VariableKind.URL):
        return said
    if variable.kind is VariableKind.URL:
        return sendable_link(said)
    text = as_text_value(said, longest, phone)
    return text or (None if variable.may_be_missing else variable.instead)


def _written(money: Money) -> str:
    """`Rs`, because the rupee sign would make the whole text UCS-2; else the currency's code."""
    return f"{'Rs' if money.currency == 'INR' else money.currency} {money.amount:.2f}"


def _in_india(moment: datetime | None, form: str) -> str | None:
    """A moment by India's clock; None also for the last hours of the year 9999."""
    try:
        return moment.astimezone(INDIA_TIME).strftime(form) if moment else None
    except OverflowError:
        return None


def _filled(variable: Variable, longest: int) -> str:
    if variable.kind is not VariableKind.TEXT:
        return variable.sample_long
    times = longest // len(variable.sample_long) + 1
    return cut(" ".join([variable.sample_long] * times), longest).ljust(longest, ".")
