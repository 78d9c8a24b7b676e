"""A real worker, and a Redis that is killed: dead letters go on, the stream ends complete."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.support.factories import make_event
from tests.support.mirrored import changes_in, changes_of, out_of_order
from tests.support.redis_server import running_redis
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.worker_process import worker_process


class TestAWorkerWithARedis:
    @pytest.mark.extended
    async def test_killed_and_started_again_while_deliveries_are_given_up(
        self,
        shared_queue_stack: Stack,
        temporal: WorkflowEnvironment,
        database_url: str,
        tmp_path: Path,
    ) -> None:
        stack = shared_queue_stack
        async with (
            Merchant(behaviour=Answer(503)) as merchant,
            running_redis(tmp_path / "redis") as redis,
        ):
            await stack.open_shop(merchant.url)
            settings = {"DOORSTEP_REDIS_URL": redis.url, "DOORSTEP_RETRY_DELAYS": "0.1"}
            with worker_process(temporal, database_url, **settings):
                event_id = await stack.send(make_event())
                first = await stack.delivery(event_id, "dead_lettered")
                await eventually(redis.entries, lambda seen: len(seen) == 1, timeout=60)
                redis.kill()
                for _ in range(2):
                    await stack.delivery(await stack.send(make_event()), "dead_lettered")
                merchant.behave(Answer(200))
                again = await stack.api.post(f"/v1/deliveries/{first['id']}/retry")
                assert again.status_code == 202, again.text
                await stack.delivery(event_id, "delivered")
                await redis.start()
                entries = await eventually(redis.entries, lambda seen: len(seen) == 4, timeout=60)
        assert changes_in(entries) == await changes_of(stack.database)
        assert out_of_order(entries) == []
        assert [one["resolution"] for one in entries if one["change"] == "left"] == ["retried"]
