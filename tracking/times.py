"""Times, days and amounts as customers read them: by the partner's clock, in their language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency
from markupsafe import Markup

from contracts.payload.groups import Money
from contracts.sms.languages import Language
from tracking.languages import words_in

_TIME, _DAY, _STEP = "h:mm a", "EEEE, d MMMM", "EEE, d MMM, h:mm a"
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
        days = (moment.astimezone(self._zone).date() - self._today).days
        near, words = f"{message}-{_NEAR.get(days)}", words_in(self._language)
        return words(
            near if words.has(near) else f"{message}-day",
            day=self._shown(moment, _DAY),
            time=self._shown(moment, _TIME),
        )

    def amount(self, money: Money) -> str:
        """An amount with its currency's sign, and commas as all of India sets them."""
        return str(format_currency(money.amount, money.currency, locale=f"en_{_TERRITORY}"))

    def _shown(self, moment: datetime, pattern: str) -> str:
        return str(format_datetime(moment, pattern, self._zone, self._locale))
