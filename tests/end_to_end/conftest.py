"""What several end-to-end tests need besides the stack, and where each of them runs."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from contracts.names import TASK_QUEUE
from store.database import Database
from tests.support.stack import Stack, open_stack

_THE_SAME_ON_BOTH_STORES = (
    "test_channels.py",
    "test_dead_letter_queue.py",
    "test_endpoint_down.py",
    "test_key_rotation.py",
    "test_notices.py",
    "test_order.py",
    "test_our_own_faults.py",
    "test_reconciler.py",
    "test_recovery.py",
    "test_redis_mirror.py",
    "test_retry_by_hand.py",
    "test_self_serve.py",
    "test_texts.py",
    "test_upkeep.py",
    "test_webhook_delivery.py",
    "test_what_leaves.py",
)
"""What these need of a store is tested on both in tests/store. `make test` runs them on SQLite; on
PostgreSQL they belong to `make test-all`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-all` what would say the same again on PostgreSQL."""
    for item in items:
        if item.path.name in _THE_SAME_ON_BOTH_STORES and "postgresql" in item.name:
            item.add_marker(pytest.mark.extended)


@pytest.fixture
async def shared_queue_stack(patient_client: Client, database: Database) -> AsyncIterator[Stack]:
    """A stack on the product's own task queue, which worker processes serve, too."""
    async with open_stack(patient_client, database, TASK_QUEUE) as stack:
        yield stack
