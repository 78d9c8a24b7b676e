"""Dead letters worked off: sent again by a filter when the endpoint is well, given up, and over."""

import pytest

from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.support.factories import make_event
from tests.support.stack import Stack

pytestmark = pytest.mark.extended


async def test_what_an_outage_left_is_sent_again_in_one_call(stack: Stack) -> None:
    async with Merchant(behaviour=Answer(500)) as merchant, stack.worker():
        endpoint = await stack.open_shop(merchant.url)
        events = [await stack.send(make_event()) for _ in range(3)]
        for event_id in events:
            await stack.delivery(event_id, "dead_lettered")
        async with Merchant() as well:
            body = {"url": well.url}
            await stack.api.patch(f"/v1/endpoints/{endpoint['id']}", json=body)
            asked = {"filter": {"endpoint_id": endpoint["id"], "reason": "exhausted"}}
            answer = await stack.api.post("/v1/dead-letters/retry", json=asked)
            assert answer.status_code == 202, answer.text
            assert {one["event_id"] for one in answer.json()["accepted"]} == set(events)
            for event_id in events:
                await stack.delivery(event_id, "delivered")
            assert len(well.received) == 3
    closed = (await stack.api.get("/v1/dead-letters", params={"open": "false"})).json()["items"]
    assert [one["resolution"] for one in closed] == ["retried"] * 3
    assert (await stack.api.get("/v1/dead-letters")).json()["items"] == []


async def test_what_was_given_up_is_not_sent_any_more(stack: Stack) -> None:
    async with Merchant(behaviour=Answer(410)) as merchant, stack.worker():
        await stack.open_shop(merchant.url)
        event_id = await stack.send(make_event())
        delivery = await stack.delivery(event_id, "dead_lettered")
        [dead_letter] = (await stack.api.get("/v1/dead-letters")).json()["items"]
        body = {"ids": [dead_letter["id"]], "reason": "the shop has closed"}
        assert (await stack.api.post("/v1/dead-letters/discard", json=body)).status_code == 200
        await stack.delivery(event_id, "discarded")
        assert (await stack.retry(delivery["id"], resend=True)).status_code == 409
        answer = await stack.api.post("/v1/dead-letters/retry", json={"ids": [dead_letter["id"]]})
        assert answer.json()["refused"] == [
            {"id": dead_letter["id"], "reason": "it is closed: discarded"}
        ]
        assert len(merchant.received) == 1
