"""Budgets: how often something that costs others may be done within a window.

Kept in the store, so that they hold whichever way is taken and however many processes there are.
A window begins with the first use; when it is over, the next use begins another.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.errors import LimitReached
from contracts.refusals import Refusal
from store.tables import BudgetRow


@dataclass(frozen=True)
class Budget:
    """`most` uses within `window`. `what` says in words what was done too often."""

    name: str
    most: int
    window: timedelta
    what: str


TEST_TEXTS = Budget("test-text", 5, timedelta(hours=1), "test texts of a partner")
TEST_EVENTS = Budget("test-event", 20, timedelta(minutes=10), "test events for an endpoint")
PHONE_CODES = Budget("phone-code", 3, timedelta(hours=1), "codes texted for a partner")
CODES_TO_PHONE = Budget("code-to-phone", 3, timedelta(days=1), "codes texted to a phone")
INSTRUCTION_CODES = Budget("instruction-code", 3, timedelta(days=1), "codes texted for an order")
CUSTOMER_INSTRUCTIONS = Budget(
    "customer-instruction", 20, timedelta(days=1), "instructions for an order by its customer"
)
REVEALED_CUSTOMERS = Budget(
    "revealed-customer", 100, timedelta(hours=1), "customers' data shown to one person"
)
REFUSED_INVITATIONS = Budget(
    "refused-invitation", 5, timedelta(hours=1), "invitations that were refused"
)
WRONG_CODES = Budget("wrong-code", 5, timedelta(minutes=15), "wrong codes")
WRONG_CODES_OF_DAY = Budget("wrong-code-of-day", 20, timedelta(days=1), "wrong codes")
"""Of one user's second factor. A guess is right once in 333,333: within a day, 20 of them are once
in 16,667."""


def spend(session: Session, budget: Budget, whose: str, now: datetime) -> None:
    """Use a budget once. LimitReached when it is used up: then nothing was counted, since whoever
    raises it rolls back."""
    key = f"{budget.name}/{whose}"
    until, used = col(BudgetRow.until), col(BudgetRow.used)
    first = insert(BudgetRow).values(key=key, used=1, until=now + budget.window)
    counted = first.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "used": case((until <= now, 1), else_=used + 1),
            "until": case((until <= now, now + budget.window), else_=until),
        },
    ).returning(used, until)
    times, ends = session.execute(counted).one()
    if times == 1:
        _forget_ended(session, now)
    if times > budget.most:
        raise _used_up(budget, ends, now)


def require_left(session: Session, budget: Budget, whose: str, now: datetime) -> None:
    """LimitReached when a budget is used up; nothing is counted."""
    until = used_up_until(session, budget, whose, now)
    if until is not None:
        raise _used_up(budget, until, now)


def used_up_until(session: Session, budget: Budget, whose: str, now: datetime) -> datetime | None:
    """When a budget that is used up ends; None while something is left."""
    row = session.get(BudgetRow, f"{budget.name}/{whose}", populate_existing=True)
    is_over = row is None or row.until <= now or row.used < budget.most
    return None if row is None or is_over else row.until


def _used_up(budget: Budget, until: datetime, now: datetime) -> LimitReached:
    wait_s = max(1, math.ceil((until - now).total_seconds()))
    return LimitReached(
        f"there were {budget.most} {budget.what} lately, which is the most: come back in "
        f"{math.ceil(wait_s / 60)} min",
        wait_s=wait_s,
        cause=Refusal.TOO_OFTEN,
    )


def _forget_ended(session: Session, now: datetime) -> None:
    """Rows that somebody else is using are left to them: no two wait for each other."""
    ended = select(BudgetRow.key).where(col(BudgetRow.until) <= now)
    free = ended.with_for_update(skip_locked=True, key_share=True)
    session.execute(delete(BudgetRow).where(col(BudgetRow.key).in_(free)))
