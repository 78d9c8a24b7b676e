"""The doctor asks Twilio itself whether it knows the account."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from activities.twilio_account import AccountAnswer, ask_for_account
from activities.twilio_sender import TwilioAccount
from commands.doctor.checks import Check, Finding
from sandbox.twilio import TwilioSandbox
from tests.commands.doctor.examined import examined


def account_of(twilio: TwilioSandbox, **other: str) -> dict[str, Any]:
    """The settings of an account of the sandbox."""
    return {
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "TWILIO_BASE_URL": twilio.base_url,
        "TWILIO_SENDER": "DOORST",
    } | other


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[str]:
    """A server that answers every request with these bytes, or not at all; gives its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is not None:
            writer.write(answer)
        else:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class TestAnAccount:
    async def test_that_twilio_knows(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            found = await examined(**account_of(twilio))
        seen = "knows the account; texts are sent as DOORST"
        assert found["Twilio"] == Check("Twilio", Finding.OK, seen)
        assert twilio.attempts == [], "nothing was sent"

    async def test_without_a_sender_of_its_own(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            account = account_of(twilio)
            del account["TWILIO_SENDER"]
            found = (await examined(**account))["Twilio"]
        assert (found.finding, found.seen) == (Finding.NOTE, "not set: TWILIO_SENDER")

    async def test_whose_token_is_wrong(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            account = account_of(twilio, TWILIO_AUTH_TOKEN="another-token")
            found = (await examined(**account))["Twilio"]
        assert found.finding is Finding.WRONG
        assert found.seen == "refuses the account (HTTP 401, twilio_20003)"
        assert "TWILIO_AUTH_TOKEN" in found.advice
        assert "another-token" not in str(found)

    async def test_that_is_suspended(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            twilio.account_status = "suspended"
            found = (await examined(**account_of(twilio)))["Twilio"]
        assert found.finding is Finding.WRONG
        assert found.seen == "says that the account is suspended"

    async def test_of_a_twilio_that_is_away(self) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            account = account_of(twilio, TWILIO_BASE_URL="http://127.0.0.1:1")
            found = (await examined(**account))["Twilio"]
        assert found.finding is Finding.WRONG
        assert "does not answer" in found.seen

    async def test_is_waited_for_as_long_as_is_said(self) -> None:
        async with answering(None) as url:
            answer = await ask_for_account(TwilioAccount("AC1", "token", url), within_s=0.2)
        assert answer == AccountAnswer(None, "ReadTimeout")
        assert answer.is_away

    async def test_whose_answer_nobody_can_read(self) -> None:
        async with answering(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n<ht>") as url:
            answer = await ask_for_account(TwilioAccount("AC1", "token", url))
        assert answer == AccountAnswer(200, "unreadable")
        assert not answer.is_active

    @pytest.mark.parametrize(
        ("given", "unset"),
        [
            ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_SENDER": "DOORST"}, "TWILIO_AUTH_TOKEN"),
            ({"TWILIO_AUTH_TOKEN": "t"}, "TWILIO_ACCOUNT_SID"),
        ],
    )
    async def test_that_is_half_set_is_a_mistake(self, given: dict[str, Any], unset: str) -> None:
        found = (await examined(**given))["Twilio"]
        assert (found.finding, found.seen) == (Finding.MISSING, f"not set: {unset}")
        assert "set both" in found.advice

    async def test_that_is_not_set_is_a_choice(self) -> None:
        found = (await examined())["Twilio"]
        assert found.finding is Finding.NOTE
        assert found.advice == "no text is sent until they are set"


class TestThePublicUrl:
    async def test_where_status_callbacks_come_in(self) -> None:
        found = (await examined(public_url="https://doorstep.example"))["public URL"]
        assert found.finding is Finding.OK
        assert found.seen == "Twilio and customers come in at https://doorstep.example"

    async def test_without_an_address_there_are_none(self) -> None:
        found = (await examined())["public URL"]
        assert (found.finding, found.seen) == (Finding.NOTE, "not set: DOORSTEP_PUBLIC_URL")
        assert "no status callbacks" in found.advice
