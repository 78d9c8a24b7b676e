"""The worker's part that looks for what only time brings: each told once, by however many workers,
and nobody is left out because of another."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest
from sqlmodel import Session

from background.notification_checks import CHECKS, NotificationChecks
from contracts.notifications.checks import CHECKED_KINDS
from contracts.notifications.kinds import NotificationKind
from store.notifications.checks import EVERY, last_checks
from store.outcomes.notifications import TOLD_AT
from store.tables import EventRow, PartnerRow
from tests.support.clock import Hands
from tests.support.dead_letter_shelf import DeadLetterShelf
from tests.support.instructions import a_failed_delivery
from tests.support.outcomes import A_DAY, TODAY, add_day
from tests.support.shelf import NOW, Shelf
from tests.support.told import kinds_told, told

LATER = NOW + timedelta(hours=4)
"""19:30 on a Monday in India."""


async def something_of_each(shelf: Shelf) -> None:
    """Two partners; both have failed deliveries, one also a week, and one without an answer."""
    dead_letters = await DeadLetterShelf.open(shelf)
    for partner in ("north", "south"):
        await dead_letters.add(partner, at=NOW)
    await add_day(shelf.database, TODAY - timedelta(days=3), "north", **A_DAY)
    await shelf.accept(a_failed_delivery().model_copy(update={"partner_id": "south"}))


def checks_of(shelf: Shelf, clock: Hands) -> NotificationChecks:
    return NotificationChecks(shelf.database, clock)


def test_every_kind_that_is_checked_has_its_check() -> None:
    assert tuple(one.kind for one in CHECKS) == CHECKED_KINDS
    assert TOLD_AT.hour == 9


async def test_several_workers_tell_each_once(shelf: Shelf) -> None:
    await something_of_each(shelf)
    clock, stop = Hands(LATER), asyncio.Event()
    parts = [checks_of(shelf, clock) for _ in range(3)]
    for _ in range(2):
        await asyncio.gather(*(one.look(stop) for one in parts))
        clock.turn(timedelta(minutes=10))
    failed, unanswered = (
        NotificationKind.FAILED_DELIVERIES,
        NotificationKind.INSTRUCTIONS_UNANSWERED,
    )
    weekly = NotificationKind.WEEKLY_OUTCOMES
    assert sorted(await kinds_told(shelf)) == [failed, failed, unanswered, weekly]
    assert set(await shelf.database.read(last_checks)) == set(CHECKED_KINDS)


async def test_a_row_that_does_not_open_keeps_nobody_else_from_being_told(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    await something_of_each(shelf)
    other = a_failed_delivery("ORD-2").model_copy(update={"partner_id": "north"})
    await shelf.accept(other)

    def spoil(session: Session) -> None:
        row = session.get_one(EventRow, other.event_id)
        row.body = row.body[:-8] + "AAAAAAA="

    await shelf.database.write(spoil)
    clock = Hands(LATER)
    await checks_of(shelf, clock).look(asyncio.Event())
    kind = NotificationKind.INSTRUCTIONS_UNANSWERED
    assert [row.partner_id for row in await told(shelf, kind)] == ["south"]
    assert set(await shelf.database.read(last_checks)) == set(CHECKED_KINDS) - {kind}
    assert f"nobody is told of {kind} of north" in caplog.text


SOMEBODY = "+919876543210"


def mistaken(*_: object) -> NoReturn:
    """A look, or a word to somebody, with a mistake of ours in it."""
    raise ZeroDivisionError(SOMEBODY)


@pytest.mark.parametrize("broken", ["find", "notify"])
async def test_a_mistake_of_ours_keeps_no_other_check_from_being_made(
    shelf: Shelf, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    await something_of_each(shelf)
    kind = NotificationKind.FAILED_DELIVERIES
    with_it = {
        "find": lambda one: replace(one, find=mistaken),
        "notify": lambda one: replace(one, notify=mistaken),
    }
    checks = [with_it[broken](one) if one.kind is kind else one for one in CHECKS]
    monkeypatch.setattr("background.notification_checks.CHECKS", checks)
    await checks_of(shelf, Hands(LATER)).look(asyncio.Event())
    assert set(await shelf.database.read(last_checks)) == set(CHECKED_KINDS) - {kind}
    assert len(await kinds_told(shelf)) == 2
    assert f"nobody is told of {kind}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert SOMEBODY not in caplog.text


async def test_a_zone_that_nobody_knows_keeps_nobody_from_being_told(shelf: Shelf) -> None:
    await something_of_each(shelf)
    await shelf.change(PartnerRow, "north", time_zone="Nowhere/At_All")
    await checks_of(shelf, Hands(LATER)).look(asyncio.Event())
    assert set(await shelf.database.read(last_checks)) == set(CHECKED_KINDS)
    assert len(await kinds_told(shelf)) == 4


async def test_a_stop_ends_the_round_and_the_next_worker_goes_on(shelf: Shelf) -> None:
    await something_of_each(shelf)
    clock, stop = Hands(LATER), asyncio.Event()
    stop.set()
    await checks_of(shelf, clock).look(stop)
    assert await kinds_told(shelf) == []
    clock.turn(EVERY)
    await checks_of(shelf, clock).look(asyncio.Event())
    assert len(await kinds_told(shelf)) == 4
