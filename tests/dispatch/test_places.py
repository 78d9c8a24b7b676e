"""Room between the outbox and Temporal: what there is none for stays in the outbox, and no place is
ever lost."""

import pytest

from dispatch import places as places_module
from dispatch.places import PLACES, Places
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.db.database import Database
from store.tables import OutboxRow
from tests.dispatch.dispatching import Dispatching
from tests.support.factories import make_event
from tests.support.shelf import an_event
from tests.support.stack import Stack


class Hand:
    """A clock's hand that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """As `time.monotonic`."""
        return self.now


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """The clock of the places."""
    hand = Hand()
    monkeypatch.setattr(places_module, "time", hand)
    return hand


class TestPlaces:
    def test_what_is_taken_is_free_again_when_it_is_given_back(self) -> None:
        places, told = Places(3), []
        places.on_free(lambda: told.append(places.free))
        places.take("a")
        places.take("b")
        assert places.free == 1
        for _ in range(2):  # a second time it changes nothing
            places.give_back("a")
        assert (places.free, told) == (2, [2])

    def test_one_that_nobody_gives_back_returns_when_its_workflow_task_is_over(
        self, hand: Hand
    ) -> None:
        places = Places(3)
        places.take("a")
        hand.now += 9.9
        assert places.free == 2
        hand.now += 0.2
        assert places.free == 3

    def test_what_is_not_seen_from_here_keeps_it_a_moment(self, hand: Hand) -> None:
        places = Places(3)
        places.take("a")
        places.unseen("a")
        assert places.free == 2
        hand.now += 0.6
        assert places.free == 3

    def test_what_has_none_gets_none_by_that(self) -> None:
        places = Places(3)
        places.unseen("another worker's")
        assert places.free == 3


class Recording(Places):
    """Places that note what is given back."""

    def __init__(self) -> None:
        super().__init__()
        self.given_back: list[str] = []

    def give_back(self, event_id: str) -> None:
        """Note it, too."""
        self.given_back.append(event_id)
        super().give_back(event_id)


class TestAWorker:
    @pytest.mark.parametrize("answers", [[Answer(200)], [Answer(503), Answer(200)]])
    async def test_an_event_gives_its_place_back_when_its_first_attempt_has_ended(
        self, stack: Stack, answers: list[Answer]
    ) -> None:
        places = Recording()
        async with Merchant(behaviour=answers) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker(places=places):
                event_id = await stack.send(make_event())
                await stack.delivery(event_id, "delivered")
        assert places.given_back == [event_id]


class TestTheDispatcher:
    @pytest.fixture
    async def outbox(self, database: Database) -> Dispatching:
        dispatching = Dispatching(database)
        await dispatching.shelf.add_partner()
        for _ in range(2 * PLACES):
            await dispatching.shelf.accept(an_event(), now=dispatching.clock())
        return dispatching

    async def test_what_there_is_no_place_for_stays_in_the_outbox(
        self, outbox: Dispatching
    ) -> None:
        """First steps that are never over: of other events nothing is leased."""
        outbox.temporal.eager = True

        async def full() -> bool:
            return len(await outbox.shelf.all_rows(OutboxRow)) == PLACES

        await outbox.until(full)
        assert len(outbox.temporal.taken) == PLACES
        waiting = await outbox.shelf.all_rows(OutboxRow)
        assert all(one.due_at <= outbox.clock() for one in waiting)

    async def test_a_place_that_is_given_back_is_taken_by_the_next(
        self, outbox: Dispatching
    ) -> None:
        outbox.temporal.eager = True

        async def over() -> bool:
            for event_id in outbox.temporal.taken:
                outbox.places.give_back(event_id)
            return len(outbox.temporal.taken) == 2 * PLACES

        await outbox.until(over)

    async def test_where_other_workers_have_the_first_steps_all_are_started_in_time(
        self, outbox: Dispatching
    ) -> None:
        await outbox.all_asked()
        assert len(outbox.temporal.taken) == 2 * PLACES
