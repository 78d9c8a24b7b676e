"""What has happened out there is written down, even when the database is away for a moment."""

import pytest

from activities import in_flight
from activities.in_flight import insisted
from contracts.errors import Conflict, StoreUnavailable


class Away:
    """A write that fails so often, then succeeds."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left, self.error = times, error

    async def write(self) -> str:
        if self.left > 0:
            self.left -= 1
            raise self.error
        return "written"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_flight, "_INSIST_EVERY_S", 0.001)


class TestInsisting:
    async def test_it_is_written_once_the_database_is_back(self) -> None:
        assert await insisted(Away(3, StoreUnavailable("away")).write) == "written"

    async def test_a_database_that_stays_away_is_an_error(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(in_flight, "_INSIST_S", 0.05)
        with pytest.raises(StoreUnavailable):
            await insisted(Away(1_000_000, StoreUnavailable("away")).write)

    async def test_anything_else_is_an_error_at_once(self) -> None:
        away = Away(2, Conflict("no"))
        with pytest.raises(Conflict):
            await insisted(away.write)
        assert away.left == 1
