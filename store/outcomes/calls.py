"""Customers' calls by partner and day, as the call centre counts them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.outcomes.calls_file import CallsInLine
from contracts.outcomes.lines_file import Line, LineFault, LinesRefused
from contracts.outcomes.views import CallsGiven
from store.access.audit import record
from store.partners.partners import get_partner
from store.tables import PartnerRow, WismoCallsRow

Key = tuple[str, date]
_AT_ONCE = 1_000
"""So many in one statement: PostgreSQL takes 65,535 values."""


def put_calls(session: Session, asked: CallsGiven, now: datetime, *, actor: str) -> WismoCallsRow:
    """Keep how many there were on a day; given again, the number replaces the one before. NotFound
    without such a partner."""
    get_partner(session, asked.partner_id)
    _put(session, [asked], now, actor)
    return session.get_one(WismoCallsRow, (asked.partner_id, asked.day), populate_existing=True)


def put_calls_file(
    session: Session, lines: Sequence[Line[CallsInLine]], now: datetime, actor: str
) -> None:
    """Keep all of a file; numbers that were there are replaced. LinesRefused where a partner is not
    known, and then nothing is kept."""
    named = {one.given.partner_id for one in lines}
    known = set(session.exec(select(PartnerRow.id).where(col(PartnerRow.id).in_(named))))
    faults = [
        LineFault(one.line, f"no partner {one.given.partner_id}")
        for one in lines
        if one.given.partner_id not in known
    ]
    if faults:
        raise LinesRefused(faults)
    for begin in range(0, len(lines), _AT_ONCE):
        _put(session, [one.given for one in lines[begin : begin + _AT_ONCE]], now, actor)


def list_calls(
    session: Session, first: date, last: date, *, partner_id: str | None = None
) -> Sequence[WismoCallsRow]:
    """Those of these days, the last among them, in their order."""
    query = (
        select(WismoCallsRow)
        .where(col(WismoCallsRow.day) >= first, col(WismoCallsRow.day) <= last)
        .order_by(col(WismoCallsRow.day), col(WismoCallsRow.partner_id))
    )
    if partner_id is not None:
        query = query.where(col(WismoCallsRow.partner_id) == partner_id)
    return session.exec(query).all()


def _put(session: Session, asked: Iterable[CallsGiven], now: datetime, actor: str) -> None:
    """Keep what is not what was there already, and write it down. In the order of the keys, so that
    two who do it never wait for each other."""
    given = {(one.partner_id, one.day): one.calls for one in asked}
    known = _known(session, given)
    fresh = {key: calls for key, calls in sorted(given.items()) if known.get(key) != calls}
    if not fresh:
        return
    rows = [
        {"partner_id": whose, "day": day, "calls": calls, "given_by": actor, "given_at": now}
        for (whose, day), calls in fresh.items()
    ]
    put = insert(WismoCallsRow).values(rows)
    replaced = {name: put.excluded[name] for name in ("calls", "given_by", "given_at")}
    session.execute(put.on_conflict_do_update(index_elements=["partner_id", "day"], set_=replaced))
    for (whose, day), calls in fresh.items():
        record(
            session,
            actor=actor,
            action=AuditAction.CALLS_GIVEN,
            object_id=f"{whose}/{day}",
            partner_id=whose,
            details={"calls": [known.get((whose, day)), calls]},
            now=now,
        )


def _known(session: Session, given: Mapping[Key, int]) -> dict[Key, int]:
    columns = (col(WismoCallsRow.partner_id), col(WismoCallsRow.day), col(WismoCallsRow.calls))
    query = select(*columns).where(tuple_(*columns[:2]).in_(list(given)))
    return {(whose, day): calls for whose, day, calls in session.exec(query)}
