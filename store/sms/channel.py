"""The SMS channel as operations see it: what is stopped, what became of the texts of the last 24
hours, what is held and why, and who comes near the cap of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.states import HoldReason, SmsState
from store.sms.daily_caps import day_of
from store.sms.suspensions import list_suspensions
from store.tables import DeliveryRow, PartnerRow, SmsDayRow, SmsMessageRow, SmsSuspensionRow

TEXTS_OF = timedelta(hours=24)
NEAR_THE_CAP = 0.8
"""From this share of the cap on, a partner is told of."""

_HELD_TEXT = text("state = 'held' AND channel = 'sms'")
"""Word for word as in the index, which is used for nothing else."""

_MOST_UNKNOWN = 10


@dataclass(frozen=True)
class UnknownText:
    """A text of which nobody can tell whether it was sent. `code` says how that came."""

    partner_id: str
    event_id: str
    code: str | None
    claimed_at: datetime


@dataclass(frozen=True)
class TextsOfPartner:
    """How many texts a partner has sent today, and how many it may."""

    partner_id: str
    name: str
    texts: int
    cap: int

    @property
    def share(self) -> float:
        """How much of the cap is used up, from 0 to 1."""
        return self.texts / self.cap


@dataclass(frozen=True)
class TextChannel:
    """Everything. `stops` come with how many texts each holds, `users` are the names of the
    partners that have chosen a sender which a stop is about."""

    suspensions: Sequence[tuple[SmsSuspensionRow, int]]
    users: Mapping[str, Sequence[str]]
    states: Mapping[SmsState, int]
    unknown: Sequence[UnknownText]
    held: Mapping[HoldReason, int]
    today: Sequence[TextsOfPartner]
    partners: Sequence[tuple[str, str]]
    """Ids and names of all partners, by name."""

    @property
    def texts_today(self) -> int:
        """How many texts all partners have sent today."""
        return sum(one.texts for one in self.today)

    @property
    def near_the_cap(self) -> list[TextsOfPartner]:
        """Whoever has used up most of its texts, the most first."""
        near = [one for one in self.today if one.share >= NEAR_THE_CAP]
        return sorted(near, key=lambda one: (-one.share, one.partner_id))


def read_channel(session: Session, now: datetime, *, daily_cap: int) -> TextChannel:
    """The channel now. `daily_cap` is that of partners without a cap of their own."""
    suspensions = list_suspensions(session)
    return TextChannel(
        suspensions=suspensions,
        users=_users(session, [one.scope for one, _ in suspensions]),
        states=_states(session, now),
        unknown=_unknown(session, now),
        held=_held(session),
        today=_today(session, now, daily_cap),
        partners=_partners(session),
    )


def sender_of(scope: str) -> str | None:
    """The sender that a stop is about; None when it is about more than one."""
    kind, _, rest = scope.partition("/")
    return rest.partition("/")[0] if kind in ("sender", "route") else None


def _users(session: Session, scopes: Sequence[str]) -> dict[str, list[str]]:
    senders = {sender for scope in scopes if (sender := sender_of(scope)) is not None}
    if not senders:
        return {}
    columns = (col(PartnerRow.sms_sender), col(PartnerRow.name))
    query = select_columns(*columns).where(columns[0].in_(senders)).order_by(columns[1])
    found: dict[str, list[str]] = {}
    for sender, name in session.execute(query):
        found.setdefault(sender, []).append(name)
    return found


def _partners(session: Session) -> list[tuple[str, str]]:
    columns = (col(PartnerRow.id), col(PartnerRow.name))
    return [
        (one, name) for one, name in session.execute(select_columns(*columns).order_by(columns[1]))
    ]


def _states(session: Session, now: datetime) -> dict[SmsState, int]:
    state = col(SmsMessageRow.state)
    lately = col(SmsMessageRow.claimed_at) > now - TEXTS_OF
    query = select(state, func.count()).where(lately).group_by(state)
    return dict(session.exec(query).all())


def _unknown(session: Session, now: datetime) -> list[UnknownText]:
    """The last ones of the last 24 hours."""
    claimed_at = col(SmsMessageRow.claimed_at)
    columns = (
        col(SmsMessageRow.partner_id),
        col(SmsMessageRow.event_id),
        col(SmsMessageRow.code),
        claimed_at,
    )
    query = (
        select_columns(*columns)
        .where(claimed_at > now - TEXTS_OF, col(SmsMessageRow.state) == SmsState.UNKNOWN)
        .order_by(claimed_at.desc())
        .limit(_MOST_UNKNOWN)
    )
    return [UnknownText(*row) for row in session.execute(query)]


def _held(session: Session) -> dict[HoldReason, int]:
    reason = col(DeliveryRow.hold_reason)
    query = select(reason, func.count()).where(_HELD_TEXT).group_by(reason)
    return {why: count for why, count in session.exec(query) if why is not None}


def _today(session: Session, now: datetime, daily_cap: int) -> list[TextsOfPartner]:
    columns = (
        col(PartnerRow.id),
        col(PartnerRow.name),
        col(SmsDayRow.texts),
        func.coalesce(col(PartnerRow.sms_daily_cap), daily_cap),
    )
    query = (
        select_columns(*columns)
        .join(SmsDayRow, col(SmsDayRow.partner_id) == col(PartnerRow.id))
        .where(col(SmsDayRow.day) == day_of(now))
    )
    return [TextsOfPartner(*row) for row in session.execute(query)]
