"""`doorstep rehearse`, with the receivers of the documents and with some that do it wrong."""

from pathlib import Path

import pytest

from commands.errors import CommandFailed
from commands.rehearse import Rehearsal, Shown, rehearse
from contracts.clock import utc_now
from contracts.payload.events import EventType
from contracts.payload.scenarios import Scenario
from contracts.payload.signature import new_secret
from tests.commands.running import doorstep
from tests.partner_guide.conftest import Run
from tests.support.listener import Listener

SECRET = new_secret()


async def played(url: str, scenario: Scenario = Scenario.CASH_ON_DELIVERY) -> list[Shown]:
    """All that came of a rehearsal."""
    wanted = Rehearsal.of(url, SECRET, scenario)
    return [shown async for shown in rehearse(wanted, utc_now)]


def answering(status: int) -> bytes:
    """The whole answer of a receiver that says the same to everything."""
    return f"HTTP/1.1 {status} So\r\ncontent-length: 0\r\n\r\n".encode()


class TestTheReceiversOfTheDocuments:
    async def test_they_have_nothing_to_mend(self, run: Run) -> None:
        async with run(SECRET) as receiver:
            shown = await played(receiver.url, Scenario.RETURNED_TO_ORIGIN)
            lines = [await receiver.next_line() for _ in shown[:-3]]
        assert [(one.says, one.fault) for one in shown if one.fault] == []
        assert [line.split()[0] for line in lines] == [one.says for one in shown[:-3]]
        assert lines[-1].startswith(EventType.RETURN_INITIATED)


class TestWhatIsToMend:
    async def test_a_receiver_that_verifies_nothing(self) -> None:
        async with Listener(answering(200)) as listener:
            shown = await played(f"http://127.0.0.1:{listener.port}/")
        assert [one.says for one in shown if one.fault] == [
            "signed with another secret",
            "six minutes old",
        ]
        assert "anybody could have sent it" in str(shown[-1].fault)

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (400, "the same secret"),
            (500, "try again"),
            (302, "2xx"),
            (410, "switches the endpoint off"),
        ],
    )
    async def test_one_that_takes_nothing(self, status: int, words: str) -> None:
        async with Listener(answering(status)) as listener:
            shown = await played(f"http://127.0.0.1:{listener.port}/")
        assert words in str(shown[0].fault)


class TestWhatCannotBePlayed:
    @pytest.mark.parametrize("url", ["http://10.0.0.1:8000/", "http://192.168.1.1:8000/"])
    async def test_an_address_of_another_machine_in_here(self, url: str) -> None:
        with pytest.raises(CommandFailed, match="neither this machine's nor public"):
            await played(url)

    async def test_where_nothing_listens(self, unused_tcp_port: int) -> None:
        with pytest.raises(CommandFailed, match="start your receiver"):
            await played(f"http://127.0.0.1:{unused_tcp_port}/")

    @pytest.mark.parametrize(
        ("url", "secret", "scenario"),
        [
            ("ftp://127.0.0.1:8000/", SECRET, "delivered"),
            ("http://127.0.0.1:8000/", "secret", "delivered"),
            ("http://127.0.0.1:8000/", SECRET, "lost_at_sea"),
        ],
        ids=["url", "secret", "scenario"],
    )
    def test_what_is_none(self, url: str, secret: str, scenario: str) -> None:
        with pytest.raises(CommandFailed):
            Rehearsal.of(url, secret, scenario)


@pytest.mark.extended
async def test_the_command_says_what_came_of_each(tmp_path: Path) -> None:
    async with Listener(answering(204)) as listener:
        url = f"http://localhost:{listener.port}/"
        ended = await doorstep("rehearse", url, folder=tmp_path, WEBHOOK_SECRET=SECRET)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [
        ["order_confirmed", "204"],
        ["out_for_delivery", "204"],
        ["delivered", "204"],
    ]
    assert ended.err == "2 to mend\n"
    assert SECRET not in ended.out
