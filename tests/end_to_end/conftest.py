"""What several end-to-end tests need besides the stack."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from contracts.delivery.names import TASK_QUEUE
from store.db.database import Database
from tests.support.stack import Stack, open_stack


@pytest.fixture
async def shared_queue_stack(patient_client: Client, database: Database) -> AsyncIterator[Stack]:
    """A stack on the product's own task queue, which worker processes serve, too."""
    async with open_stack(patient_client, database, TASK_QUEUE) as stack:
        yield stack
