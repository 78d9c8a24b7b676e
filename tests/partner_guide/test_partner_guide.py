"""What docs/webhooks-for-partners.md tells partners to do works with what we send."""

from dataclasses import replace
from datetime import timedelta

import pytest

from compatibility.files import EXAMPLES
from contracts.clock import utc_now
from contracts.payload.events import EventType
from contracts.payload.signature import new_secret
from store.deliveries.attempts import ReadyAttempt
from tests.partner_guide.conftest import PACKAGES, Run

SECRET, OTHER = new_secret(), new_secret()


def body_of(kind: EventType) -> bytes:
    """The bytes of a payload."""
    return (EXAMPLES / f"{kind}.json").read_bytes()


def id_of(kind: EventType) -> str:
    """The event id in them."""
    ids = {
        EventType.ORDER_CONFIRMED: "evt_20261122_000117",
        EventType.OUT_FOR_DELIVERY: "evt_20261123_000481",
        EventType.DELIVERED: "evt_20261123_000640",
        EventType.DELIVERY_FAILED: "evt_20261123_000655",
        EventType.RETURN_INITIATED: "evt_20261126_000212",
    }
    return ids[kind]


class TestTheReceivers:
    async def test_they_take_every_type_of_event(self, run: Run) -> None:
        async with run(SECRET) as receiver:
            for kind in EventType:
                answer = await receiver.deliver(id_of(kind), body_of(kind), [SECRET])
                assert answer.status == 204, answer
                assert await receiver.next_line() == f"{kind} {id_of(kind)}"

    async def test_they_work_on_a_repeat_only_once(self, run: Run) -> None:
        first, then = EventType.OUT_FOR_DELIVERY, EventType.DELIVERED
        async with run(SECRET) as receiver:
            for kind in (first, first, then):
                answer = await receiver.deliver(id_of(kind), body_of(kind), [SECRET])
                assert answer.status == 204
            lines = [await receiver.next_line() for _ in range(2)]
            assert lines == [f"{first} {id_of(first)}", f"{then} {id_of(then)}"]

    async def test_they_take_either_secret_during_a_rotation(self, run: Run) -> None:
        kind = EventType.DELIVERED
        async with run(SECRET) as receiver:
            for secrets in ([OTHER, SECRET], [SECRET, OTHER]):
                answer = await receiver.deliver(id_of(kind), body_of(kind), secrets)
                assert answer.status == 204

    async def test_they_refuse_what_another_secret_signed(self, run: Run) -> None:
        kind = EventType.DELIVERED
        async with run(SECRET) as receiver:
            answer = await receiver.deliver(id_of(kind), body_of(kind), [OTHER])
            assert answer.status == 400

    async def test_they_refuse_what_is_old(self, run: Run) -> None:
        kind = EventType.DELIVERED
        async with run(SECRET) as receiver:
            ready = ReadyAttempt(
                "att_1", 1, id_of(kind), "ep_1", receiver.url, [SECRET], body_of(kind)
            )
            long_ago = utc_now() - timedelta(minutes=6)
            assert (await receiver.sender.post(ready, long_ago)).status == 400
            assert (await receiver.sender.post(replace(ready, number=2), utc_now())).status == 204


class TestNodesPackages:
    @pytest.mark.parametrize("name", ["package.json", "package-lock.json", ".npmrc"])
    def test_there_is_no_address_in_their_files(self, name: str) -> None:
        assert "://" not in (PACKAGES / name).read_text()
