"""Customers' calls by partner and day, as the call centre counts them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from store.access.audit import record
from store.partners.partners import get_partner
from store.tables import WismoCallsRow


def put_calls(
    session: Session, partner_id: str, day: date, calls: int, now: datetime, *, actor: str
) -> WismoCallsRow:
    """Keep how many there were on a day; given again, the number replaces the one before. NotFound
    without such a partner."""
    get_partner(session, partner_id)
    known = session.get(WismoCallsRow, (partner_id, day))
    if known is not None and known.calls == calls:
        return known
    given = {"calls": calls, "given_by": actor, "given_at": now}
    fresh = insert(WismoCallsRow).values(partner_id=partner_id, day=day, **given)
    session.execute(fresh.on_conflict_do_update(index_elements=["partner_id", "day"], set_=given))
    record(
        session,
        actor=actor,
        action=AuditAction.CALLS_GIVEN,
        object_id=f"{partner_id}/{day}",
        partner_id=partner_id,
        details={"calls": [known.calls if known else None, calls]},
        now=now,
    )
    return session.get_one(WismoCallsRow, (partner_id, day), populate_existing=True)


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
