"""What runs in the worker beside Temporal's own: all of it, or none."""

import asyncio
from typing import cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

import worker
from contracts.errors import EngineUnavailable
from worker import run_beside


class Patient:
    """Runs until it is told to stop."""

    def __init__(self) -> None:
        self.ended = False

    async def run(self, stop: asyncio.Event) -> None:
        try:
            await stop.wait()
        finally:
            self.ended = True


class Broken:
    async def run(self, stop: asyncio.Event) -> None:
        raise LookupError("a mistake of ours")


async def test_they_end_when_told_to() -> None:
    stop, part = asyncio.Event(), Patient()
    stop.set()
    await run_beside([part, Patient()], stop)
    assert part.ended


async def test_one_that_fails_ends_the_others_and_says_why() -> None:
    part = Patient()
    with pytest.raises(LookupError, match="a mistake of ours"):
        await run_beside([part, Broken()], asyncio.Event())
    assert part.ended


class _WithoutItsDatabase:
    """A Temporal that serves, and knows nothing of its namespaces just now."""

    namespace = "default"

    @property
    def operator_service(self) -> "_WithoutItsDatabase":
        return self

    async def list_search_attributes(self, _request: object) -> None:
        raise RPCError("no usable database connection found", RPCStatusCode.UNKNOWN, b"")


async def test_a_temporal_that_cannot_answer_at_the_start_is_one_that_is_away() -> None:
    """So the worker ends with 2, to be started again, and with no trace of a mistake."""
    with pytest.raises(EngineUnavailable, match="Temporal does not answer"):
        await worker._require_search_attributes(cast(Client, _WithoutItsDatabase()))
