"""What goes and returns is news once each."""

from contracts.outages import Outage


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.at


def test_it_is_news_once_when_it_goes_and_once_when_it_returns() -> None:
    outage = Outage()
    assert not outage.ends(), "it was never away"
    assert [outage.begins() for _ in range(3)] == [True, False, False]
    assert [outage.ends() for _ in range(3)] == [True, False, False]
    assert outage.begins(), "another one"


def test_what_fails_and_answers_by_turns_is_away_until_it_is_quiet() -> None:
    clock = Hands()
    outage = Outage(settled_s=5, clock=clock)
    assert outage.begins()
    for clock.at in (1.0, 2.0, 3.0):
        assert not outage.ends()
        assert not outage.begins()
    clock.at = 7.9
    assert not outage.ends()
    clock.at = 8.0
    assert outage.ends()
