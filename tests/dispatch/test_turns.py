"""Turns from one lease to the next, each for one event: whoever waits has one in each round."""

from collections import Counter
from collections.abc import Sequence

import pytest

from dispatch.turns import Turns
from store.db.database import Database
from store.events import acceptance
from store.tables import OutboxRow
from tests.dispatch.dispatching import Dispatching
from tests.support.shelf import NOW, after, an_event

CHAIN, SHOP = 2, 3
"""Priorities."""


def served(turns: Turns, waiting: Sequence[str], times: int) -> list[str]:
    """Whom a lease for one event takes, so many times; all always wait, the first the longest."""
    taken = []
    for _ in range(times):
        ahead = turns.ahead
        chosen = min(waiting, key=lambda one: (ahead.get(one, 0), waiting.index(one)))
        turns.take(SHOP, chosen)
        taken.append(chosen)
    return taken


class TestTurns:
    def test_each_has_one_in_a_round(self) -> None:
        assert served(Turns(), "abc", 7) == list("abcabca")

    def test_whoever_comes_has_the_next_and_makes_up_for_nothing(self) -> None:
        turns = Turns()
        served(turns, "a", 100)
        assert served(turns, "ab", 5) == list("babab")

    def test_whoever_comes_back_waits_for_nobody_and_nobody_longer_for_them(self) -> None:
        turns = Turns()
        served(turns, "ab", 2)
        served(turns, "a", 50)
        assert served(turns, "ab", 4) == list("baba")

    def test_nobody_starves_where_more_wait_than_there_are_places(self) -> None:
        assert set(Counter(served(Turns(), "abcdefghij", 100)).values()) == {10}

    def test_another_priority_has_rounds_of_its_own(self) -> None:
        turns = Turns()
        served(turns, "ab", 1)
        for _ in range(20):
            turns.take(CHAIN, "chain")
        assert served(turns, "ab", 2) == list("ba")

    def test_what_is_over_is_forgotten(self) -> None:
        turns = Turns()
        for number in range(1_000):
            turns.take(SHOP, f"shop-{number}")
        for _ in range(3):
            turns.take(SHOP, "shop-0")
        assert turns.ahead == {"shop-0": 1}


class TestTheDispatcher:
    @pytest.fixture
    async def outbox(self, database: Database) -> Dispatching:
        """An import waits; each place becomes free alone."""
        dispatching = Dispatching(database)
        dispatching.temporal.eager = True
        for partner in ("importer", "shop", "other"):
            await dispatching.shelf.add_partner(partner, "smb")
        batch = [an_event(partner_id="importer") for _ in range(20)]
        await database.write(acceptance.accept_all, batch, NOW)
        return dispatching

    async def test_one_place_at_a_time_goes_to_each_partner_in_turn(
        self, outbox: Dispatching
    ) -> None:
        later = [
            await outbox.shelf.accept(an_event(partner_id=one), now=after(number))
            for number, one in enumerate(("shop", "other", "shop"))
        ]
        for number in range(outbox.places.most - 1):
            outbox.places.take(f"elsewhere-{number}")

        async def all_started() -> bool:
            for event_id in outbox.temporal.taken:
                outbox.places.give_back(event_id)
            return len(outbox.temporal.taken) == 23

        await outbox.until(all_started)
        asked = [outbox.temporal.asked.index(event.event_id) for event in later]
        assert asked == [1, 2, 4]
        assert await outbox.shelf.all_rows(OutboxRow) == []
