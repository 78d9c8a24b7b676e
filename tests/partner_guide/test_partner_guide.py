"""What the documents for partners tell them to do works with what we send."""

import json
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from compatibility.files import EXAMPLES
from contracts.clock import utc_now
from contracts.payload.events import EventType
from contracts.payload.signature import new_secret, signature_headers
from store.deliveries.attempts import ReadyAttempt
from tests.deployment.deployment_files import DOCS, code_blocks
from tests.deployment.generated_docs import shown
from tests.partner_guide.conftest import Run
from tests.partner_guide.examples import NODE_PACKAGES, RECEIVERS, Programs, program

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

    async def test_they_refuse_what_was_changed_or_not_signed(self, run: Run) -> None:
        body = body_of(EventType.DELIVERED)
        async with run(SECRET) as receiver, httpx.AsyncClient() as client:
            signed = signature_headers(
                body, message_id="evt_1", sent_at=utc_now(), secrets=[SECRET]
            )
            kind = {"content-type": "application/json"}
            for headers, sent in ((signed, body + b" "), ({}, body)):
                answer = await client.post(receiver.url, content=sent, headers={**kind, **headers})
                assert answer.status_code == 400


def test_every_program_of_the_page_of_receivers_is_run() -> None:
    page = (DOCS / "receivers.md").read_text()
    programs = [code for one in ("python", "js", "php") for code in code_blocks(page, one)]
    run = [one.code for one in RECEIVERS if one.document == "receivers.md"]
    assert sorted(programs) == sorted(run)


class TestTheTestVector:
    VECTOR = json.loads(re.findall(r"```json\n(.*?)```", shown("signature example"), re.DOTALL)[0])

    def test_the_library_for_python_makes_the_same_signature(self) -> None:
        sent_at = datetime.fromtimestamp(int(self.VECTOR["webhook-timestamp"]), UTC)
        made = Webhook(self.VECTOR["secret"]).sign(
            self.VECTOR["webhook-id"], sent_at, self.VECTOR["body"]
        )
        assert made == self.VECTOR["webhook-signature"]

    @pytest.mark.extended
    def test_the_library_for_node_makes_the_same_signature(self, programs: Programs) -> None:
        code = """
            const { Webhook } = require("standardwebhooks");
            const vector = JSON.parse(process.argv[1]);
            const sentAt = new Date(vector["webhook-timestamp"] * 1000);
            const made = new Webhook(vector.secret).sign(vector["webhook-id"], sentAt, vector.body);
            process.stdout.write(made);
        """
        command = [program("node"), "-e", code, json.dumps(self.VECTOR)]
        made = subprocess.run(
            command, cwd=programs.node_packages, capture_output=True, check=True, text=True
        )
        assert made.stdout == self.VECTOR["webhook-signature"]


class TestNodesPackages:
    @pytest.mark.parametrize("name", ["package.json", "package-lock.json", ".npmrc"])
    def test_there_is_no_address_to_fetch_from_in_their_files(self, name: str) -> None:
        """Addresses of those who ask for money are no such."""
        lines = (NODE_PACKAGES / name).read_text().splitlines()
        addresses = [line for line in lines if "://" in line]
        assert [line for line in addresses if not line.strip().startswith('"url": ')] == []
