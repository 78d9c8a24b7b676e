"""The table of all partners is read as all of it is: the same figures, with calls and prices."""

from datetime import date
from decimal import Decimal

from contracts.outcomes.board import BOARD
from contracts.outcomes.figures import add_up, figures_of
from contracts.outcomes.periods import By
from contracts.outcomes.views import CallsGiven
from store.outcomes.board import read_board
from store.outcomes.calls import put_calls
from store.outcomes.reading import Range, read_outcomes
from store.tables import PartnerRow
from tests.support.outcomes import A_DAY, TODAY, add_day
from tests.support.shelf import NOW, Shelf

WANTED = Range(date(2026, 2, 23), date(2026, 3, 8), By.WEEK)


async def test_it_has_the_figures_of_the_whole_reading(shelf: Shelf) -> None:
    database = shelf.database
    for number, whose in enumerate(("shop", "other")):
        await shelf.add_partner(whose)
        for day in (date(2026, 2, 22), date(2026, 2, 25), TODAY):
            await add_day(database, day, whose, **{**A_DAY, "webhooks": 2_000 + number})
    await shelf.add_partner("called")
    await shelf.change(PartnerRow, "shop", redelivery_cost=Decimal(80))
    for whose, day in (("shop", TODAY), ("called", TODAY), ("shop", date(2026, 3, 1))):
        given = CallsGiven(partner_id=whose, day=day, calls=7)
        await database.write(put_calls, given, NOW, actor="test")
    board = await database.read(read_board, WANTED)
    periods = await database.read(read_outcomes, WANTED)
    whole = {one.partner_id: figures_of([one], BOARD) for one in add_up(periods.values())}
    assert {one.partner_id: figures_of([one], BOARD) for one in board.partners} == whole
    assert set(whole) == {"shop", "other", "called"}
    assert list(board.periods) == [date(2026, 2, 23), TODAY]
    assert board.periods[TODAY].counts.webhooks == 4_001
