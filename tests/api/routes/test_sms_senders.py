"""`/v1/sms/senders`: what ops write down as registered for India."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.support.stack import Stack

SENDERS = "/v1/sms/senders"
DRSTEP = f"{SENDERS}/DRSTEP"
CONTENT = "1107160000000000123"
TEMPLATE = f"{DRSTEP}/templates/{CONTENT}"
REGISTERED = {"entity_id": "1101234567890123456", "header": "DRSTEP"}
ASKED = {
    "event_type": "order_confirmed",
    "language": "en",
    "category": "service_implicit",
    "text": "{#alphanumeric#}: your order {#alphanumeric#} is confirmed.",
}


@pytest.fixture
async def stack(lonely: Stack) -> Stack:
    """The stack, with one sender that is registered."""
    assert (await lonely.api.put(DRSTEP, json=REGISTERED)).status_code == 200
    return lonely


async def fields_of(stack: Stack, path: str, asked: dict[str, Any]) -> list[str]:
    answer = await stack.api.put(path, json=asked)
    assert answer.status_code == 422, answer.text
    return [one["field"] for one in answer.json()["errors"]]


class TestASender:
    async def test_is_shown_as_it_was_written_down(self, stack: Stack) -> None:
        shown = (await stack.api.get(DRSTEP)).json()
        unsaid = {"link_prefixes": None, "created_at": ""}
        assert {**shown, "created_at": ""} == {"sender": "DRSTEP", **REGISTERED, **unsaid}
        again = await stack.api.put(DRSTEP, json={**REGISTERED, "header": "CHAIPT"})
        assert again.json() == {**shown, "header": "CHAIPT"}
        assert (await stack.api.get(SENDERS)).json()["items"] == [again.json()]

    @pytest.mark.parametrize(
        "sender", ["MG" + "0a1B" * 8, "+15005550006", "56161", "CHAIPT", "Doorstep1"]
    )
    async def test_is_whatever_twilio_sends_from(self, stack: Stack, sender: str) -> None:
        path = f"{SENDERS}/{quote(sender)}"
        assert (await stack.api.put(path, json=REGISTERED)).json()["sender"] == sender
        assert (await stack.api.get(path)).status_code == 200

    @pytest.mark.parametrize("sender", ["+0123456789", "ab", "TWELVELETTER", "a%20b", "é%2B"])
    async def test_is_nothing_else(self, stack: Stack, sender: str) -> None:
        assert await fields_of(stack, f"{SENDERS}/{sender}", REGISTERED) == ["sender"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("entity_id", "1234"),
            ("entity_id", "110123456789012345X"),
            ("header", "CHAIPNT"),
            ("header", "C1"),
            ("colour", "red"),
        ],
    )
    async def test_has_an_entity_and_a_header(self, stack: Stack, field: str, value: str) -> None:
        assert await fields_of(stack, DRSTEP, {**REGISTERED, field: value}) == [field]

    async def test_says_what_links_begin_with(self, stack: Stack) -> None:
        asked = {**REGISTERED, "link_prefixes": ["https://track.example/t/"]}
        shown = (await stack.api.put(DRSTEP, json=asked)).json()
        assert shown["link_prefixes"] == ["https://track.example/t/"]
        assert (await stack.api.put(DRSTEP, json=REGISTERED)).json()["link_prefixes"] is None

    @pytest.mark.parametrize(
        "prefix",
        ["https://track.example", "http://track.example/", "track.example/", "", "https://"],
    )
    async def test_whole_hosts_with_https_only(self, stack: Stack, prefix: str) -> None:
        asked = {**REGISTERED, "link_prefixes": [prefix]}
        assert (await stack.api.put(DRSTEP, json=asked)).status_code == 422

    async def test_goes_with_its_templates(self, stack: Stack) -> None:
        assert (await stack.api.put(TEMPLATE, json=ASKED)).status_code == 200
        removed = await stack.api.delete(DRSTEP)
        assert (removed.status_code, removed.content) == (204, b"")
        for method, path in [("GET", DRSTEP), ("DELETE", DRSTEP), ("GET", f"{DRSTEP}/templates")]:
            assert (await stack.api.request(method, path)).status_code == 404

    async def test_pages_follow_each_other(self, stack: Stack) -> None:
        for sender in ("AAAAAA", "ZZZZZZ"):
            await stack.api.put(f"{SENDERS}/{sender}", json=REGISTERED)
        first = (await stack.api.get(SENDERS, params={"limit": 2})).json()
        cursor = {"limit": 2, "cursor": first["next_cursor"]}
        second = (await stack.api.get(SENDERS, params=cursor)).json()
        shown = [one["sender"] for one in (*first["items"], *second["items"])]
        assert shown == ["AAAAAA", "DRSTEP", "ZZZZZZ"]
        assert second["next_cursor"] is None


class TestATemplate:
    async def test_is_shown_as_it_was_written_down(self, stack: Stack) -> None:
        shown = (await stack.api.put(TEMPLATE, json=ASKED)).json()
        assert shown.pop("warnings") == []
        known = {"sender": "DRSTEP", "content_template_id": CONTENT, **ASKED}
        assert {**shown, "created_at": ""} == {**known, "created_at": ""}
        assert (await stack.api.get(f"{DRSTEP}/templates")).json() == {
            "items": [shown],
            "next_cursor": None,
        }

    async def test_that_the_shipped_text_does_not_match_is_warned_of(self, stack: Stack) -> None:
        changed = await stack.api.put(TEMPLATE, json={**ASKED, "text": "Something else"})
        assert len(changed.json()["warnings"]) == 1

    async def test_of_a_sender_that_is_not_there(self, stack: Stack) -> None:
        path = f"{SENDERS}/CHAIPT/templates/{CONTENT}"
        assert (await stack.api.put(path, json=ASKED)).status_code == 404

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("event_type", "parcel_lost"),
            ("language", "fr"),
            ("category", "chatty"),
            ("text", ""),
            ("text", "{#colour#} is confirmed"),
        ],
    )
    async def test_is_as_one_registers(self, stack: Stack, field: str, value: str) -> None:
        assert await fields_of(stack, TEMPLATE, {**ASKED, field: value}) == [field]

    @pytest.mark.parametrize("content_id", ["12", "chai", "1" * 21])
    async def test_has_the_platform_s_id(self, stack: Stack, content_id: str) -> None:
        path = f"{DRSTEP}/templates/{content_id}"
        assert await fields_of(stack, path, ASKED) == ["content_template_id"]

    async def test_is_removed_once(self, stack: Stack) -> None:
        await stack.api.put(TEMPLATE, json=ASKED)
        for status in (204, 404):
            assert (await stack.api.delete(TEMPLATE)).status_code == status
        entries = (await stack.api.get("/v1/audit", params={"object_id": "DRSTEP"})).json()["items"]
        assert [one["action"] for one in entries] == ["sender.changed"] * 3
