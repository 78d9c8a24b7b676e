"""Log lines as JSON: one object each, its ids as fields of their own, and no customer's number."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from activities.attempt_log import AttemptLine
from commands.logs import add_to_every_line
from contracts.delivery.states import Channel, Trigger
from store.events.outbox import Startable
from store.retries.attempt_reports import AttemptReport
from tests.support.logs import logging_into_a_string

PHONE, MASKED = "+919845012345", "+91********45"
Read = Callable[[], list[dict[str, Any]]]

log = logging.getLogger("doorstep.test")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[Read]:
    """The objects that were logged; the number is never in them."""
    with logging_into_a_string(monkeypatch, "json") as stderr:

        def look() -> list[dict[str, Any]]:
            assert "984501" not in stderr.getvalue()
            return [json.loads(line) for line in stderr.getvalue().splitlines()]

        yield look


def test_a_line_says_when_how_grave_and_who(read: Read) -> None:
    log.warning("ready for %s", "the shop's events")
    [line] = read()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    assert line == {
        "level": "WARNING",
        "logger": "doorstep.test",
        "message": "ready for the shop's events",
    }


def test_ids_are_fields(read: Read) -> None:
    event = Startable("evt_1", "shop", "delivered", "ORD-1", 3)
    log.warning("event %s waits", event.event_id, extra=event.ids)
    [line] = read()
    assert (line["event_id"], line["partner_id"], line["order_id"]) == ("evt_1", "shop", "ORD-1")


def test_an_attempt_is_fields_with_their_own_types(read: Read) -> None:
    report = AttemptReport(
        event_id="evt_1",
        order_id="ORD-1",
        delivery_id="dlv_1",
        endpoint_id="ep_1",
        partner_id="shop",
        channel=Channel.WEBHOOK,
        number=2,
        round=1,
        trigger=Trigger.SCHEDULED,
        code="http_503",
        status=503,
        duration_ms=84,
        charged=True,
        next_in_s=None,
        result="retry",
    )
    log.info(AttemptLine(report))
    [line] = read()
    assert line["event_id"] == "evt_1"
    assert (line["order_id"], line["partner_id"], line["endpoint_id"]) == ("ORD-1", "shop", "ep_1")
    assert (line["attempt"], line["status"], line["charged"]) == (2, 503, True)
    assert (line["channel"], line["trigger"]) == ("webhook", "scheduled")
    assert "next_in_s" not in line


def test_a_traceback_is_a_field_and_masked_too(read: Read) -> None:
    try:
        raise ValueError(f"no such number: {PHONE}")
    except ValueError:
        log.exception("could not text %s", PHONE, extra={"to": [PHONE]})
    [line] = read()
    assert line["message"] == f"could not text {MASKED}"
    assert f"no such number: {MASKED}" in line["exc_info"]
    assert line["to"] == [MASKED]


def test_what_every_line_carries_is_a_field(read: Read) -> None:
    add_to_every_line(lambda: {"trace_id": "4bf9"})
    log.info("here")
    [line] = read()
    assert line["trace_id"] == "4bf9"
