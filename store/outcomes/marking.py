"""Finds the days whose counts may change, without a statement on the path of an event.

Events that were accepted since the last look change their own day, and, where they are an outcome,
the days of the order's other events; instructions that were given change that of their failed
delivery. Everything else that can happen to a day's events happens while something of it is open,
or soon afterwards: until then the row itself says when it is counted again (`counting.py`).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.outcomes.periods import bounds_of, day_of
from store.outcomes.counting import pause_of
from store.tables import EventRow, InstructionRow, OutcomeProgressRow

MARGIN = timedelta(minutes=2)
"""A transaction that took its time may commit what looks that old."""

AT_ONCE = timedelta(minutes=15)
"""So much is looked through in one transaction."""

Key = tuple[str, date, str]
"""A partner, a day, and the partner's time zone."""

_NAME = "days"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MOMENTS = """
    WITH fresh AS MATERIALIZED (
        SELECT partner_id, order_id, event_type, accepted_at FROM events
        WHERE accepted_at >= %(since)s AND accepted_at < %(until)s
            AND NOT is_test AND only_target IS NULL
    ), moments AS (
        SELECT partner_id, accepted_at FROM fresh
        UNION ALL
        SELECT ended.partner_id, other.accepted_at
        FROM (
            SELECT DISTINCT partner_id, order_id FROM fresh
            WHERE event_type IN ('delivered', 'delivery_failed', 'return_initiated')
        ) AS ended
        CROSS JOIN LATERAL (
            SELECT * FROM events WHERE events.order_id = ended.order_id OFFSET 0
        ) AS other
        WHERE other.partner_id = ended.partner_id
            AND NOT other.is_test AND other.only_target IS NULL
        UNION ALL
        SELECT failed.partner_id, failed.accepted_at
        FROM instructions CROSS JOIN LATERAL (
            SELECT partner_id, accepted_at FROM events
            WHERE event_id = instructions.event_id
                AND NOT is_test AND only_target IS NULL OFFSET 0
        ) AS failed
        WHERE created_at >= %(since)s AND created_at < %(until)s
    )
    SELECT DISTINCT moments.partner_id, partners.time_zone,
        date_bin('15 minutes', moments.accepted_at, %(epoch)s) AS quarter
    FROM moments JOIN partners ON partners.id = moments.partner_id
"""
"""Quarters of an hour, because every day of every time zone begins with one; which day it is, is
said by one list of time zones alone, that of Python."""

_MARK = """
    INSERT INTO outcome_days (partner_id, day, time_zone, due_at)
    SELECT marked.*, %(now)s
    FROM unnest(%(partner_ids)s::text[], %(days)s::date[], %(time_zones)s::text[]) AS marked
    ON CONFLICT (partner_id, day) DO UPDATE SET due_at = least(
        outcome_days.due_at, greatest(excluded.due_at, outcome_days.counted_at + %(pause)s)
    )
"""
"""LEAST and GREATEST leave out what is null."""


def mark_changed_days(session: Session, now: datetime) -> bool:
    """Look through the next while, and have its days counted; gives whether more is to be looked
    through at once. Of several workers that look at the same time, one does."""
    progress = _progress(session, now)
    if progress is None:
        return False
    until = min(now, progress.seen_until + AT_ONCE)
    values = {"since": progress.seen_until - MARGIN, "until": until, "epoch": _EPOCH}
    found = session.connection().exec_driver_sql(_MOMENTS, values)
    keys = {(partner_id, day_of(quarter, zone), zone) for partner_id, zone, quarter in found}
    _mark(session, keys, now)
    progress.seen_until = until if keys else _next_moment(session, until, now)
    return progress.seen_until < now


def _next_moment(session: Session, after: datetime, now: datetime) -> datetime:
    """When something came next, so that a long while without anything is passed over at once."""
    events = select(func.min(col(EventRow.accepted_at))).where(col(EventRow.accepted_at) >= after)
    instructions = select(func.min(col(InstructionRow.created_at))).where(
        col(InstructionRow.created_at) >= after
    )
    found = (session.exec(query).one() for query in (events, instructions))
    return min([now, *(moment for moment in found if moment is not None)])


def _progress(session: Session, now: datetime) -> OutcomeProgressRow | None:
    """How far it was looked through, locked; None where somebody else is at it."""
    query = select(OutcomeProgressRow).where(col(OutcomeProgressRow.name) == _NAME)
    progress = session.exec(query.with_for_update(key_share=True, skip_locked=True)).first()
    if progress is None:
        oldest = session.exec(select(func.min(col(EventRow.accepted_at)))).one()
        begin = insert(OutcomeProgressRow).values(name=_NAME, seen_until=oldest or now)
        session.execute(begin.on_conflict_do_nothing())
        progress = session.exec(query.with_for_update(key_share=True, skip_locked=True)).first()
    return progress


def _mark(session: Session, keys: Iterable[Key], now: datetime) -> None:
    """Make days due: at once where they were never counted, else when their row has stood long
    enough. In the order of the keys, so that two who do it never wait for each other."""
    by_pause: dict[timedelta, list[Key]] = {}
    for key in sorted(keys):
        _, day, zone = key
        by_pause.setdefault(pause_of(bounds_of(day, zone)[1], now), []).append(key)
    for pause, marked in sorted(by_pause.items()):
        partner_ids, days, zones = zip(*marked, strict=True)
        values = {
            "now": now,
            "pause": pause,
            "partner_ids": list(partner_ids),
            "days": list(days),
            "time_zones": list(zones),
        }
        session.connection().exec_driver_sql(_MARK, values)
