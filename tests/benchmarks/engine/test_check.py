"""What `make engine` asks of production's server, asked of the development server."""

import pytest

from benchmarks.engine.check import check
from benchmarks.engine.development import DevelopmentEngine


@pytest.mark.extended
async def test_an_event_outlives_the_server_that_began_it() -> None:
    said: list[str] = []
    await check(DevelopmentEngine, said.append)
    assert len(said) == 3
