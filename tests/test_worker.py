"""The worker's composition root, where Temporal does not answer."""

from typing import cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

import worker
from contracts.errors import EngineUnavailable


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
