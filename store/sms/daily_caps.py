"""How many texts a partner has sent today: the daily cap. A day is India's."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session, col, select

from contracts.clock import INDIA_TIME
from store.tables import EventRow, SmsDayRow, SmsMessageRow

TEST_TEXTS_A_DAY = 20
"""Of a partner, copies that somebody asked for among them."""


def count_text(
    session: Session, partner_id: str, parts: int, now: datetime, *, cap: int, is_test: bool = False
) -> bool:
    """Count one more text of today, unless the partner has sent as many as it may. Test texts have
    a cap of their own: they take nothing from the customers'.

    The row stays locked until the commit, so that the cap holds across workers.
    """
    column = _column(is_test)
    day = day_of(now)
    fresh = insert(SmsDayRow).values(partner_id=partner_id, day=day, texts=0, parts=0)
    session.execute(fresh.on_conflict_do_nothing())
    counted = session.execute(
        update(SmsDayRow)
        .where(col(SmsDayRow.partner_id) == partner_id, col(SmsDayRow.day) == day)
        .where(column < (TEST_TEXTS_A_DAY if is_test else cap))
        .values({column: column + 1, col(SmsDayRow.parts): SmsDayRow.parts + parts})
        .returning(col(SmsDayRow.texts))
    ).first()
    return counted is not None


def uncount_text(
    session: Session, partner_id: str, parts: int, counted_at: datetime, *, is_test: bool = False
) -> None:
    """Take back a text that was counted and certainly not sent."""
    column = _column(is_test)
    session.execute(
        update(SmsDayRow)
        .where(col(SmsDayRow.partner_id) == partner_id, col(SmsDayRow.day) == day_of(counted_at))
        .values({column: column - 1, col(SmsDayRow.parts): SmsDayRow.parts - parts})
    )


def uncount_sms(session: Session, sms: SmsMessageRow) -> None:
    """Take back a claimed text that was certainly not sent."""
    is_test = session.get_one(EventRow, sms.event_id).only_target is not None
    uncount_text(session, sms.partner_id, sms.parts or 0, sms.claimed_at, is_test=is_test)


def texts_today(session: Session, partner_id: str, now: datetime) -> tuple[int, int]:
    """How many texts, and parts of texts, a partner has sent today, test texts among them."""
    row = session.exec(
        select(SmsDayRow).where(
            col(SmsDayRow.partner_id) == partner_id, col(SmsDayRow.day) == day_of(now)
        )
    ).first()
    return (row.texts + row.test_texts, row.parts) if row else (0, 0)


def next_day(now: datetime) -> datetime:
    """When the count begins anew."""
    local = now.astimezone(INDIA_TIME) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> str:
    """The day in India, such as `2026-11-25`."""
    return moment.astimezone(INDIA_TIME).date().isoformat()


def _column(is_test: bool) -> InstrumentedAttribute[int]:
    counted: Any = SmsDayRow.test_texts if is_test else SmsDayRow.texts
    return counted  # type: ignore[no-any-return]  # SQLModel types columns as their values
