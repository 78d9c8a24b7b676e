"""Partners help themselves: secrets rotated while events flow, test events, headers, removal."""

from typing import Any

import httpx
import pytest

from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from tests.support.factories import make_event
from tests.support.listener import Listener
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


async def rotate(stack: Stack, endpoint_id: str, **body: bool) -> str:
    """Rotate; gives the new secret."""
    answer = await stack.api.post(f"/v1/endpoints/{endpoint_id}/rotate-secret", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["secret"])


async def send_test(stack: Stack, endpoint_id: str, **body: str) -> httpx.Response:
    """Ask for a test event."""
    return await stack.api.post(f"/v1/endpoints/{endpoint_id}/test-events", json=body)


class TestRotation:
    """The merchant verifies with the `standardwebhooks` library."""

    async def test_while_events_flow_no_delivery_fails(self, stack: Stack) -> None:
        async with Merchant() as merchant:
            endpoint = await stack.open_shop(merchant.url)
            async with stack.worker():
                events = [await stack.send(make_event()) for _ in range(5)]
                new = await rotate(stack, endpoint["id"])
                merchant.secrets = [endpoint["secret"], new]
                events += [await stack.send(make_event()) for _ in range(5)]
                shown = [await stack.delivery(one, "delivered") for one in events]
                overlap = await stack.send(make_event())
                await stack.delivery(overlap, "delivered")
        assert all(len(one["attempts"]) == 1 for one in shown)
        [during] = [one for one in merchant.received if one.webhook_id == overlap]
        assert during.verified_with == (0, 1), "either secret verifies during the overlap"

    async def test_an_immediate_one_leaves_the_new_secret_only(self, stack: Stack) -> None:
        async with Merchant() as merchant:
            endpoint = await stack.open_shop(merchant.url)
            second = await rotate(stack, endpoint["id"])
            third = await rotate(stack, endpoint["id"], immediate=True)
            merchant.secrets = [endpoint["secret"], second, third]
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.delivery(event_id, "delivered")
        assert merchant.received[0].verified_with == (2,)
        audit = (await stack.api.get("/v1/audit", params={"object_id": endpoint["id"]})).json()
        actions = [one["action"] for one in audit["items"]]
        assert actions[:2] == ["endpoint.secret_revoked", "endpoint.secret_rotated"]
        assert "whsec_" not in str(audit)


def has_an_answer(shown: dict[str, Any]) -> bool:
    """Whether an event is shown with an attempt that has ended."""
    return any(one["finished_at"] for each in shown["deliveries"] for one in each["attempts"])


class TestTestEvents:
    async def test_the_answer_is_shown(self, stack: Stack) -> None:
        async with Merchant(behaviour=Answer(201)) as merchant, Merchant() as other:
            endpoint = await stack.open_shop(merchant.url)
            await stack.add_endpoint(other.url)
            merchant.secrets = [endpoint["secret"]]
            async with stack.worker():
                # the route waits two seconds; on a busy machine only a later test event is in time
                answer = await eventually(
                    lambda: send_test(stack, endpoint["id"], event_type="out_for_delivery"),
                    lambda answer: answer.status_code == 202 and has_an_answer(answer.json()),
                )
                await stack.delivery(answer.json()["event_id"], "delivered")
        shown = answer.json()
        assert (shown["is_test"], shown["event_type"]) == (True, "out_for_delivery")
        [delivery] = shown["deliveries"]
        [attempt] = delivery["attempts"]
        assert (delivery["endpoint_id"], attempt["status_code"]) == (endpoint["id"], 201)
        assert attempt["duration_ms"] is not None
        for received in merchant.received:
            assert received.verified
            assert received.payload["is_test"] is True
            assert received.payload["data"]["otp"]["code"] == "000000"
        assert shown["event_id"] in [one.payload["event_id"] for one in merchant.received]
        assert other.received == []

    async def test_without_an_answer_it_says_so_after_a_while(self, stack: Stack) -> None:
        async with Merchant(behaviour=Hang()) as merchant:
            endpoint = await stack.open_shop(merchant.url)
            async with stack.worker():
                answer = await send_test(stack, endpoint["id"])
                merchant.release(200)
                await stack.delivery(answer.json()["event_id"], "delivered")
        assert answer.status_code == 202
        assert not has_an_answer(answer.json())


class TestTestOrders:
    async def test_an_ordered_endpoint_gets_a_whole_order_in_its_order(self, stack: Stack) -> None:
        async with Merchant() as merchant, Merchant() as other:
            endpoint = await stack.open_shop(merchant.url, ordered=True)
            await stack.add_endpoint(other.url)
            merchant.secrets = [endpoint["secret"]]
            async with stack.worker():
                address = f"/v1/endpoints/{endpoint['id']}/rehearsals"
                answer = await stack.api.post(address, json={"scenario": "returned_to_origin"})
                assert answer.status_code == 202, answer.text
                made = answer.json()
                for event_id in made["event_ids"]:
                    await stack.delivery(event_id, "delivered")
        listed = await stack.api.get("/v1/events", params={"order_id": made["order_id"]})
        assert {one["event_id"] for one in listed.json()["items"]} == set(made["event_ids"])
        assert [one.webhook_id for one in merchant.received] == made["event_ids"]
        assert all(one.verified and one.payload["is_test"] for one in merchant.received)
        assert [one.payload["type"] for one in merchant.received][-1] == "return_initiated"
        assert other.received == []


class TestCustomHeaders:
    async def test_they_go_with_every_attempt_and_are_shown_nowhere(self, stack: Stack) -> None:
        echo = b"HTTP/1.1 200 OK\r\ncontent-length: 24\r\n\r\nyou sent hunter2-hunter2"
        async with Listener(echo) as listener:
            await stack.add_partner()
            headers = {"Authorization": "Bearer hunter2-hunter2", "X-Shop": "chai"}
            url = f"http://127.0.0.1:{listener.port}/"
            endpoint = await stack.add_endpoint(url, custom_headers=headers)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.delivery(event_id, "delivered")
        [request] = listener.requests
        assert b"authorization: Bearer hunter2-hunter2\r\n" in request
        assert b"x-shop: chai\r\n" in request.lower()
        assert endpoint["custom_headers"] == {"authorization": "***", "x-shop": "***"}
        for path in (f"/v1/events/{event_id}", f"/v1/endpoints/{endpoint['id']}", "/v1/endpoints"):
            assert "hunter2" not in (await stack.api.get(path)).text


class TestRemoval:
    async def test_held_and_waiting_deliveries_end(self, stack: Stack) -> None:
        async with Merchant() as merchant:
            endpoint = await stack.open_shop(merchant.url)
            address = f"/v1/endpoints/{endpoint['id']}"
            await stack.api.patch(address, json={"state": "paused"})
            async with stack.worker():
                event_id = await stack.send(make_event())
                held = await stack.delivery(event_id, "held")
                assert (await stack.api.delete(address)).status_code == 204
                skipped = await stack.delivery(event_id, "skipped")
                assert (await stack.retry(held["id"])).status_code == 409
        assert skipped["skip_reason"] == "endpoint_removed"
        assert (await stack.api.get(address)).status_code == 404
        assert merchant.received == []
