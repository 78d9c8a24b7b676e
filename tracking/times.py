"""Times, days and amounts as customers read them: by the partner's clock, in their language."""

import datetime as dt
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from markupsafe import Markup

from contracts.instructions.words import Slot
from contracts.payload.groups import Money
from contracts.sms.languages import Language
from tracking.languages import words_in

_TIME, _DAY, _STEP = "h:mm a", "EEEE, d MMMM", "EEE, d MMM, h:mm a"
_SHORT_DAY = "EEE, d MMM"
_TERRITORY = "IN"
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


class Clock:
    """Moments by the partner's clock, as they are said at `now`."""

    def __init__(self, language: Language, time_zone: str, now: datetime) -> None:
        self._language = language
        self._locale = f"{language}_{_TERRITORY}"
        self._zone = ZoneInfo(time_zone)
        self._today = now.astimezone(self._zone).date()

    def step(self, moment: datetime) -> Markup:
        """A `<time>` with day and time, in short."""
        return Markup('<time datetime="{}">{}</time>').format(
            moment.isoformat(), self._shown(moment, _STEP)
        )

    def said(self, message: str, moment: datetime) -> str:
        """A message about a moment: `…-today`, `…-tomorrow`, `…-yesterday`, else `…-day`."""
        near = self._near(message, moment.astimezone(self._zone).date())
        return words_in(self._language)(
            near or f"{message}-day",
            day=self._shown(moment, _DAY),
            time=self._shown(moment, _TIME),
        )

    def day(self, date: dt.date) -> str:
        """A day in full: `Tomorrow, Monday, 30 November`."""
        near = self._near("day", date)
        shown = format_date(date, _DAY, self._locale)
        return words_in(self._language)(near, day=shown) if near else shown

    def slot(self, date: dt.date, slot: Slot | None = None) -> str:
        """A day in short and a part of it: `Mon, 30 Nov, 4 pm to 8 pm`."""
        words, near = words_in(self._language), self._near("near", date)
        day = words(near) if near else format_date(date, _SHORT_DAY, self._locale)
        return words(f"slot-{slot or 'any'}", day=day)

    def _near(self, message: str, date: dt.date) -> str | None:
        """The message for a day that has a name of its own, such as `day-tomorrow`."""
        near = _NEAR.get((date - self._today).days)
        known = near is not None and words_in(self._language).has(f"{message}-{near}")
        return f"{message}-{near}" if known else None

    def amount(self, money: Money) -> str:
        """An amount with its currency's sign, and commas as all of India sets them."""
        return str(format_currency(money.amount, money.currency, locale=f"en_{_TERRITORY}"))

    def _shown(self, moment: datetime, pattern: str) -> str:
        return str(format_datetime(moment, pattern, self._zone, self._locale))
