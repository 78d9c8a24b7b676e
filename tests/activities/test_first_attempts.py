"""Which first attempts leave at once, by what this process knows of their endpoints."""

import pytest

from activities import first_attempts
from activities.first_attempts import MOST_IN_ALL, MOST_TO_ONE, TWILIO, FirstAttempts
from contracts.endpoints.rate_limit import MOST_IN_FLIGHT
from store.deliveries.attempts import ReadyAttempt


class Hand:
    """A clock's hand that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """As `time.monotonic`."""
        return self.now


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """The clock of first attempts."""
    hand = Hand()
    monkeypatch.setattr(first_attempts, "time", hand)
    return hand


def attempt(endpoint_id: str = "ep") -> ReadyAttempt:
    return ReadyAttempt("att", 1, "evt", endpoint_id, "https://x.example", [], b"{}")


class TestRoom:
    def test_an_endpoint_that_nobody_knows_has_all_of_it(self) -> None:
        assert FirstAttempts().at_once().room_for("ep") == MOST_TO_ONE

    def test_what_is_under_way_takes_of_it_until_it_has_ended(self) -> None:
        first = FirstAttempts()
        for number in range(3):
            first.keep(f"d{number}", attempt())
        assert first.at_once().room_for("ep") == MOST_TO_ONE - 3
        assert first.at_once().room == MOST_IN_ALL - 3
        for _ in range(2):  # a second time it changes nothing
            first.end("d0")
        assert first.at_once().room_for("ep") == MOST_TO_ONE - 2
        assert first.at_once().room == MOST_IN_ALL - 2

    def test_scheduled_attempts_keep_most_of_an_endpoint_s_own_limit(self) -> None:
        assert MOST_TO_ONE < MOST_IN_FLIGHT / 2


class TestASlowEndpoint:
    def test_one_slow_answer_among_few_is_enough(self) -> None:
        first = FirstAttempts()
        first.note("ep", 80)
        first.note("ep", 2001)
        assert first.at_once().room_for("ep") == 0
        assert first.at_once().room_for("other") == MOST_TO_ONE

    def test_one_of_twenty_is_forgiven(self) -> None:
        first = FirstAttempts()
        first.note("ep", 19_000)
        for _ in range(19):
            first.note("ep", 80)
        assert first.at_once().room_for("ep") == MOST_TO_ONE

    def test_an_attempt_that_hangs_is_noticed_before_it_ends(self, hand: Hand) -> None:
        first = FirstAttempts()
        first.keep("d", attempt())
        assert first.fetch("d") is not None
        hand.now += 2.1
        assert first.at_once().room_for("ep") == 0

    def test_one_that_had_no_answer_says_nothing_by_its_time(self) -> None:
        first = FirstAttempts()
        first.note("ep", None)
        assert first.at_once().room_for("ep") == MOST_TO_ONE


class TestWhatIsKept:
    def test_it_is_fetched_once(self) -> None:
        first, ready = FirstAttempts(), attempt()
        first.keep("d", ready)
        assert first.fetch("d") is ready
        assert first.fetch("d") is None

    def test_what_is_old_is_begun_again(self, hand: Hand) -> None:
        first = FirstAttempts()
        first.keep("d", attempt())
        hand.now += 2.1
        assert first.fetch("d") is None
        assert first.at_once().room == MOST_IN_ALL

    def test_what_nobody_fetches_gives_its_place_back(self, hand: Hand) -> None:
        first = FirstAttempts()
        first.keep("forgotten", attempt())
        hand.now += 2.1
        first.keep("d", attempt("other"))
        assert first.at_once().room == MOST_IN_ALL - 1
        assert first.fetch("forgotten") is None

    def test_what_was_lost_on_its_way_gives_its_place_back(self, hand: Hand) -> None:
        first = FirstAttempts()
        first.keep("d", attempt())
        first.begin(TWILIO, "text", "evt")
        assert first.fetch("d") is not None
        hand.now += 61
        assert (first.at_once().room, first.at_once().texts) == (MOST_IN_ALL, MOST_TO_ONE)


class Recorded:
    """Places that only note what happens to them."""

    def __init__(self) -> None:
        self.unseen_ones: list[str] = []
        self.free: list[str] = []

    def unseen(self, event_id: str) -> None:
        """As `Places.unseen`."""
        self.unseen_ones.append(event_id)

    def give_back(self, event_id: str) -> None:
        """As `Places.give_back`."""
        self.free.append(event_id)


class TestThePlaceOfAnEvent:
    def test_it_is_free_once_a_first_attempt_has_ended(self) -> None:
        places = Recorded()
        first = FirstAttempts(places)
        first.keep("d", attempt())
        first.planned("evt", attempts=1)
        assert (places.unseen_ones, places.free) == (["evt"], [])
        first.end("d")
        assert places.free == ["evt"]

    def test_it_is_free_at_once_where_nothing_leaves_at_once(self) -> None:
        places = Recorded()
        FirstAttempts(places).planned("evt", attempts=0)
        assert (places.unseen_ones, places.free) == ([], ["evt"])

    def test_a_later_attempt_says_nothing_of_it(self) -> None:
        places = Recorded()
        FirstAttempts(places).end("d")
        assert places.free == []


class TestTexts:
    def test_all_have_one_target(self) -> None:
        first = FirstAttempts()
        first.begin(TWILIO, "text", "evt")
        assert first.at_once().texts == MOST_TO_ONE - 1
        first.end("text")
        first.note(TWILIO, 5_000)
        assert first.at_once().texts == 0
