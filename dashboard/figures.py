"""Numbers as people read them: counts, shares and how long something took."""

from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import NumberPattern, format_decimal, parse_pattern

from dashboard.times import span_shown
from dashboard.translations import Words

NOTHING = "-"
"""Stands where there is nothing to show."""

_BRIEF_S = 10
_GROUPED = 1_000
"""From here on the digits of a number are grouped."""


def count_shown(t: Words, count: int, most: int | None = None) -> str:
    """A count; beyond `most`, where it was counted no further, `more than`."""
    if most is not None and count > most:
        return t("figure-more", most=format_decimal(most, locale=t.language))
    if 0 <= count < _GROUPED:
        return str(count)
    return number_shown(t, count, "#,##0")


def number_shown(t: Words, number: Decimal | int, pattern: str) -> str:
    """A number by a pattern of CLDR: `#,##0.00` groups digits and has two decimals."""
    shape, locale = _pattern(pattern), _locale(t.language)
    return str(shape.apply(number, locale))


def share_shown(t: Words, share: float | None) -> str:
    """A share in percent; a dash where there is nothing to take one of. What is not everything is
    never shown as 100 %."""
    if share is None:
        return "-"
    return _percent_shown(t, 100.0 if share >= 1 else min(round(share * 100, 1), 99.9))


def took_shown(t: Words, seconds: float) -> str:
    """How long something took: `420 ms`, `4.2 s`, `2 min 5 s`."""
    if round(seconds, 3) < 1:
        return t("span-milliseconds", count=str(round(seconds * 1000)))
    if round(seconds, 1) < _BRIEF_S:
        in_seconds = t("span-units").rpartition("|")[2]
        return f"{format_decimal(seconds, '0.0', locale=t.language)} {in_seconds}"
    return span_shown(t, round(seconds))


def duration_shown(t: Words, milliseconds: int | None) -> str:
    """How long an attempt took; a dash where it has not ended."""
    return "-" if milliseconds is None else took_shown(t, milliseconds / 1000)


@cache
def _pattern(pattern: str) -> NumberPattern:
    return parse_pattern(pattern)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@lru_cache(maxsize=1001)
def _percent_shown(t: Words, percent: float) -> str:
    """Kept, because a page may have hundreds of them."""
    return t("figure-percent", percent=format_decimal(percent, "0.#", locale=t.language))
