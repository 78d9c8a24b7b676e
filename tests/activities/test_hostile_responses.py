"""Whatever an endpoint answers, the attempt ends in one Answer, soon and in little memory."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.verdicts import Answer
from resolver import NameLookUps
from sandbox.tls import LocalAuthority
from tests.support.hostile_responses import ALL, Hostile
from tests.support.parts import LOOPBACK
from tests.support.raw_receiver import Peer, RawReceiver, Script
from tests.support.webhooks import ready_for

WELL = b"HTTP/1.1 202 A\r\nContent-Length: 0\r\n\r\n"


def says(hostile: Hostile) -> Script:
    """A receiver that answers every request of a connection so, or the first and closes."""

    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.send(hostile.answer)
            if not hostile.stays:
                return

    return script


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return LocalAuthority(Path(tmp_path_factory.mktemp("ca")) / "ca.pem")


@pytest.fixture(scope="module")
def tls(authority: LocalAuthority) -> ssl.SSLContext:
    return authority.issue().server_context()


class Senders:
    """One with time, and a hurried one for those who keep silent."""

    def __init__(self, ca_file: str) -> None:
        self._patient, self._hurried = (
            WebhookSender.guarded(LOOPBACK, NameLookUps(), ca_file, request_time)
            for request_time in (20.0, 0.5)
        )

    async def post(self, url: str, hostile: Hostile) -> Answer:
        """Post to a receiver that answers so."""
        sender = self._hurried if hostile.stays else self._patient
        return await sender.post(ready_for(url), utc_now())

    async def aclose(self) -> None:
        """Close both."""
        await self._patient.aclose()
        await self._hurried.aclose()


@pytest.fixture(scope="module")
async def senders(authority: LocalAuthority) -> AsyncIterator[Senders]:
    senders = Senders(str(authority.ca_file))
    yield senders
    await senders.aclose()


class TestOneAnswer:
    @pytest.mark.parametrize("hostile", ALL, ids=lambda one: one.name)
    async def test_whatever_is_said(self, senders: Senders, hostile: Hostile) -> None:
        async with RawReceiver(says(hostile)) as receiver:
            answer = await senders.post(receiver.url, hostile)
        expected = int(hostile.code[5:]) if hostile.code.startswith("http_") else None
        assert (answer.code, answer.status) == (hostile.code, expected)

    @pytest.mark.extended
    @pytest.mark.parametrize("hostile", ALL, ids=lambda one: one.name)
    async def test_also_under_tls(
        self, senders: Senders, tls: ssl.SSLContext, hostile: Hostile
    ) -> None:
        async with RawReceiver(says(hostile), tls) as receiver:
            answer = await senders.post(receiver.url, hostile)
        assert answer.code == hostile.code

    @pytest.mark.parametrize("hostile", ALL, ids=lambda one: one.name)
    async def test_and_the_next_one_is_not_touched_by_it(
        self, senders: Senders, hostile: Hostile
    ) -> None:
        """No connection is left in a state that spoils what comes after."""
        answers = iter([hostile.answer])

        async def script(peer: Peer) -> None:
            while await peer.request():
                answer = next(answers, WELL)
                await peer.send(answer)
                if answer != WELL and not hostile.stays:
                    return

        async with RawReceiver(script) as receiver:
            await senders.post(receiver.url, hostile)
            assert (await senders.post(receiver.url, hostile)).code == "http_202"
