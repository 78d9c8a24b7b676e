"""What one partner may take while others have events, too."""

import pytest

from dispatch.dispatcher import LEASE
from dispatch.shares import Shares
from store.db.database import Database
from store.events import outbox
from tests.dispatch.dispatching import Dispatching
from tests.support.shelf import NOW, Shelf, an_event

LATE, IN_TIME = 0.05, 0.0


class Hand:
    """A clock's hand that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def shares(hand: Hand) -> Shares:
    return Shares(24, hand)


class TestShares:
    def test_whoever_is_alone_has_everything(self, shares: Shares) -> None:
        shares.leased("shop")
        shares.were_late(LATE)
        assert shares.each == 24

    def test_beside_others_it_has_what_they_leave(self, shares: Shares) -> None:
        shares.leased("shop")
        shares.leased("rival")
        assert shares.each == 24
        for expected in (12, 6, 3, 1, 1):
            shares.were_late(LATE)
            assert shares.each == expected
        for expected in (2, 3, 4):
            shares.were_late(IN_TIME)
            assert shares.each == expected

    def test_there_are_never_more_than_places(self, shares: Shares) -> None:
        shares.leased("shop")
        shares.leased("rival")
        shares.were_late(IN_TIME)
        assert shares.each == 24

    def test_whoever_has_had_none_for_a_while_is_not_there(
        self, shares: Shares, hand: Hand
    ) -> None:
        shares.leased("rival")
        shares.were_late(LATE)
        hand.now += 9
        shares.leased("shop")
        assert shares.each == 12
        hand.now += 2
        assert shares.each == 24


class TestLeasing:
    async def test_nobody_gets_more_than_a_share_less_what_it_has(self, shelf: Shelf) -> None:
        for partner_id, count in (("shop", 6), ("rival", 2)):
            await shelf.add_partner(partner_id)
            for _ in range(count):
                await shelf.accept(an_event(partner_id=partner_id))

        async def lease(each: int | None, taken: dict[str, int]) -> list[str]:
            leased = await shelf.database.write(
                outbox.lease, limit=10, now=NOW, duration=LEASE, each=each, taken=taken
            )
            return sorted(one.partner_id for one in leased)

        assert await lease(3, {"shop": 2}) == ["rival", "rival", "shop"]
        assert await lease(3, {"shop": 3}) == []
        assert await lease(None, {}) == ["shop"] * 5


class TestTheDispatcher:
    @pytest.fixture
    async def outbox(self, database: Database, shares: Shares) -> Dispatching:
        """Two partners have had events lately; one has six more, of which one may be started."""
        dispatching = Dispatching(database, shares=shares)
        await dispatching.shelf.add_partner()
        for _ in range(6):
            await dispatching.shelf.accept(an_event(), now=dispatching.clock())
        for partner_id in ("shop", "rival"):
            shares.leased(partner_id)
        for _ in range(5):
            shares.were_late(LATE)
        shares.were_late = lambda late_s: None  # type: ignore[method-assign]
        dispatching.temporal.eager = True
        return dispatching

    async def test_what_is_beyond_the_share_stays_in_the_outbox(self, outbox: Dispatching) -> None:
        await outbox.until(lambda: _holds(len(outbox.temporal.taken) == 1))
        assert len(outbox.temporal.taken) == 1

    async def test_the_next_is_started_when_a_place_is_given_back(
        self, outbox: Dispatching
    ) -> None:
        """Nothing is forgotten in the outbox although nobody notifies."""
        most = 0

        async def over() -> bool:
            nonlocal most
            most = max(most, outbox.places.taken["shop"])
            for event_id in outbox.temporal.taken:
                outbox.places.give_back(event_id)
            return len(outbox.temporal.taken) == 6

        await outbox.until(over)
        assert most == 1


async def _holds(is_so: bool) -> bool:
    return is_so
