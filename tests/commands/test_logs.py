"""The log never has a customer's number, whoever logs it and wherever it stands."""

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from commands.logs import MaskingFormatter, add_to_every_line, masked
from tests.support.logs import logging_into_a_string
from tests.support.waiting import eventually

PHONE, MASKED = "+919845012345", "+91********45"
Read = Callable[[], str]

log = logging.getLogger("doorstep.test")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[Read]:
    """What was logged; the number is never in it."""
    with logging_into_a_string(monkeypatch) as stderr:

        def look() -> str:
            assert "984501" not in stderr.getvalue()
            return stderr.getvalue()

        yield look


class TestALine:
    def test_has_the_time_in_utc_and_who_says_it(self, read: Read) -> None:
        log.warning("ready")
        line = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING doorstep\.test: ready\n"
        assert re.fullmatch(line, read())

    def test_with_a_phone_in_the_message(self, read: Read) -> None:
        log.info("a text to " + PHONE)  # noqa: G003 - as somebody might
        assert read().endswith(f"a text to {MASKED}\n")

    def test_with_a_phone_in_its_arguments(self, read: Read) -> None:
        log.info("%s and %r and %s", PHONE, {"to": PHONE}, [PHONE.encode()])
        assert read().endswith(f"{MASKED} and {{'to': '{MASKED}'}} and [b'{MASKED}']\n")

    def test_with_what_every_line_carries(self, read: Read) -> None:
        add_to_every_line(lambda: {"trace_id": "4bf9"})
        try:
            raise ValueError
        except ValueError:
            log.exception("this went wrong")
        first, second = read().splitlines()[:2]
        assert first.endswith(" ERROR doorstep.test: this went wrong trace_id=4bf9")
        assert second.startswith("Traceback")

    def test_of_a_library(self, read: Read) -> None:
        logging.getLogger("urllib3.connectionpool").warning("Retrying %s", f"/Messages?To={PHONE}")
        assert read().endswith(f"Retrying /Messages?To={MASKED}\n")

    def test_with_arguments_that_do_not_fit(self, read: Read) -> None:
        """Asked directly, because pytest's own handler makes an error of it."""
        [ours] = [
            one
            for one in logging.getLogger().handlers
            if isinstance(one.formatter, MaskingFormatter)
        ]
        ours.handle(log.makeRecord("x", logging.INFO, "x.py", 1, "%s, %d", (PHONE, PHONE), None))
        shown = read()
        assert "Logging error" in shown
        assert MASKED in shown


class TestATraceback:
    def test_with_a_phone_in_the_error_and_in_its_cause(self, read: Read) -> None:
        try:
            try:
                raise ValueError(f"no such number: {PHONE}")
            except ValueError as error:
                raise RuntimeError(f"could not text {PHONE}") from error
        except RuntimeError:
            log.exception("this went wrong")
        shown = read()
        assert f"ValueError: no such number: {MASKED}" in shown
        assert f"RuntimeError: could not text {MASKED}" in shown

    def test_with_a_stack(self, read: Read) -> None:
        log.info("here", stack_info=True)
        assert "test_with_a_stack" in read()


class TestAnAccessLine:
    @pytest.mark.parametrize("phone", [PHONE, "%2B919845012345", "%2b919845012345"])
    async def test_of_uvicorn(
        self, read: Read, phone: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("uvicorn", "uvicorn.access"):  # servers of other tests have switched them off
            monkeypatch.setattr(logging.getLogger(name), "propagate", True)
            monkeypatch.setattr(logging.getLogger(name), "handlers", [])
        async with logging_server() as url, httpx.AsyncClient(trust_env=False) as client:
            await client.get(f"{url}/v1/sms/opt-outs?phone={phone}&limit=5")
        shown = read()
        assert f"phone={phone.replace('98450123', '*' * 8)}&limit=5" in shown
        assert "GET /v1/sms/opt-outs" in shown


class TestMasking:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("+919845012345", "+91********45"),
            ("to=%2B919845012345&x", "to=%2B91********45&x"),
            ("to=%252B919845012345", "to=%252B91********45"),
            ("tel:+14155552671,+442071838750", "tel:+14*******71,+44********50"),
            ("+12345678", "+12****78"),
            ("+123456789012345", "+12***********45"),
            ('{"phone":"+919845012345"}', '{"phone":"+91********45"}'),
            ("+919845012345+919845012345", "+91********45+91********45"),
        ],
    )
    def test_a_number(self, text: str, shown: str) -> None:
        assert masked(text) == shown

    @pytest.mark.parametrize(
        "text",
        [
            "evt_01JDZ8Q4M5N6P7R8S9T0V1W2X3",
            "event/20260102-919845012345",
            "sms_919845012345",
            "SM0123456789012345678901234567890a",
            "MG00000000000000000000000000000000",
            "awb 919845012345678",
            "2026-11-23T15:04:05.123456+05:30",
            "2026-11-23T15:04:05+0530",
            "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
            "pid 1234567@host-1 in 12345678 ms",
            "+1234567",
            "+1234567890123456",
            "1 + 1 = 2",
            "%2B05%3A30",
        ],
    )
    def test_ids_and_times_are_left_alone(self, text: str) -> None:
        assert masked(text) == text


@asynccontextmanager
async def logging_server() -> AsyncIterator[str]:
    """A server that writes an access log to whatever logging there is."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        FastAPI(), lifespan="off", log_config=None, log_level="info", access_log=True
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listening]))

    async def started() -> bool:
        return server.started

    await eventually(started)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
