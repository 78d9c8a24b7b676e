"""Values as an e-mail shows them: times, answers, figures, and names that lead nowhere."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_currency, format_decimal, format_percent

from translations import Words

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_DOT_OF_A_LINK = re.compile(r"(?<=\w)([.:])(?=[\w/])")
_WORD_JOINER = "\u2060"


def moment(text: Any, zone: str, language: str) -> str:
    """A time in a zone, which is named; empty where there is none."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    return str(format_datetime(at, "d MMM y, HH:mm VVVV", get_timezone(zone), language))


def day(text: Any, language: str) -> str:
    """A day; empty where there is none."""
    try:
        return str(format_date(date.fromisoformat(str(text)), "d MMM", language))
    except ValueError:
        return ""


def answer(t: Words, about: Mapping[str, Any]) -> str:
    """What an endpoint answered, or why it answered nothing; empty where nothing was sent."""
    status, code = about.get("status"), about.get("code")
    if status is not None:
        return t("answer-http", status=status)
    if code is None:
        return ""
    known = f"answer-{code}"
    return t(known) if t.has(known) else t("answer-other", code=code)


def event(t: Words, about: Mapping[str, Any]) -> str:
    """The event that was sent last; empty where there was none."""
    kind = about.get("event_type")
    if kind is None:
        return ""
    name = f"type-{str(kind).replace('.', '-')}"
    said = t(name) if t.has(name) else one_line(kind)
    return t("event-said", type=said, order=about.get("order_id"), event=about.get("event_id"))


def figure(t: Words, one: Mapping[str, Any]) -> str:
    """A figure of a week, beside that of the week before."""
    value, before = (
        _number(t.language, one.get(at), one.get("unit")) for at in ("value", "before")
    )
    return t("week-before", value=value, before=before)


def one_line(text: Any) -> str:
    """A text without what breaks a line or turns its direction around."""
    return _BREAKS.sub(" ", str(text)).strip()


def name(text: Any) -> str:
    """A name that somebody gave themselves. Mail programs make links of what looks like one, and
    nobody may have us send theirs to people whom they invite."""
    return _DOT_OF_A_LINK.sub(rf"\1{_WORD_JOINER}", one_line(text))


def _number(language: str, text: Any, unit: Any) -> str:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return "-"
    if unit == "share":
        return str(format_percent(value, "0.0 %", locale=language))
    if unit == "INR":
        return str(format_currency(value, "INR", "¤#,##0", language, currency_digits=False))
    return str(format_decimal(value, "#,##0.##", locale=language))
