"""The closed pipeline: always so many under way, none begun after the time is up."""

import asyncio

import pytest

from benchmarks import pipeline
from benchmarks.pipeline import NeverEnded, keep_under_way


class TestPipeline:
    async def test_keeps_exactly_so_many_under_way(self) -> None:
        under_way = most = 0

        async def run_one() -> None:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.001)
            under_way -= 1

        ended = await keep_under_way(run_one, in_flight=4, seconds=0.1)
        assert most == 4
        assert under_way == 0
        assert len(ended) >= 4
        assert ended == sorted(ended)

    async def test_an_error_of_one_ends_all(self) -> None:
        async def run_one() -> None:
            raise LookupError("the API did not answer 202")

        with pytest.raises(ExceptionGroup) as raised:
            await keep_under_way(run_one, in_flight=2, seconds=1.0)
        assert raised.group_contains(LookupError)

    async def test_what_never_ends_is_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pipeline, "_FINISH_LIMIT_S", 0.05)

        async def run_one() -> None:
            await asyncio.Event().wait()

        with pytest.raises(NeverEnded, match="3 of 3"):
            await keep_under_way(run_one, in_flight=3, seconds=0.01)
