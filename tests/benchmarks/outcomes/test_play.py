"""A short play: real processes, faults, kills, recoveries, and an account that is green."""

from collections.abc import Callable

import pytest

from benchmarks.engine.development import DevelopmentEngine
from benchmarks.outcomes.account import Fate
from benchmarks.outcomes.options import EXPORT, Options
from benchmarks.outcomes.report import timeless
from benchmarks.outcomes.run import run
from contracts.outcomes.definitions import DEFINITIONS

pytestmark = [
    pytest.mark.extended,
    pytest.mark.skipif(not EXPORT.is_file(), reason="needs the export beside the project"),
]
SEED = 6
"""None of its few events falls into an outage longer than the schedule; Temporal and the API are
killed."""


async def test_every_event_of_twelve_weeks_is_accounted_for() -> None:
    said: list[str] = []
    say: Callable[[str], None] = said.append
    played = await run(Options(events=150, seed=SEED), say, DevelopmentEngine)
    account = played.account
    assert account.why_red == []
    assert account.posted == len(played.events) >= 150
    assert account.fates[Fate.ARRIVED] > 100
    assert account.fates[Fate.MISSING] == 0
    assert set(account.figures) == {one.name for one in DEFINITIONS}
    assert timeless(played)["events_accepted"] == str(account.posted)
