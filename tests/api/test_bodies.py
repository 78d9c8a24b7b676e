"""Bodies as other programs send them: one wrong item of a batch costs no other, a name that is
there twice is refused, and what is no JSON is told so."""

import asyncio
import gzip
import json
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from api.event_batches import read_event
from api.json_bodies import read_json
from api.middleware.body_limit import BodyLimit
from api.routes import events as event_routes
from contracts.payload.faults import Unreadable
from store.tables import EventRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.shelf import Shelf

JSON = {"content-type": "application/json"}

BAD_ITEMS = {
    "half an emoji": rb'{"event_id": "\ud83d"}',
    "half an emoji in bytes (CESU-8)": b'{"event_id": "\xed\xa0\xbd"}',
    "half an emoji as a name": rb'{"event_id": "e", "\ud83d": 1}',
    "deep": b"[" * 3_000 + b"]" * 3_000,
    "deep inside": b'{"event_id": ' + b'{"a":[' * 2_000 + b"]}" * 2_000 + b"}",
    "an endless number": b'{"event_id": "e", "sequence": ' + b"9" * 5_000 + b"}",
    "an endless id": b'{"event_id": "' + b"x" * 200_000 + b'"}',
    "an endless name": b'{"' + b"x" * 200_000 + b'": 1}',
    "thousands of names": json.dumps({f"n{n}": n for n in range(5_000)}).encode(),
    "a name twice": b'{"event_id": "e", "event_id": "f"}',
    "not a number": b'{"event_id": "e", "sequence": NaN}',
    "null": b"null",
    "a list": b"[]",
    "a text": b'"event"',
    "a number": b"1e999",
}


@pytest.mark.usefixtures("lonely")
class TestABatch:
    @pytest.mark.parametrize("bad", BAD_ITEMS.values(), ids=BAD_ITEMS)
    async def test_one_bad_item_is_refused_alone(
        self, api: httpx.AsyncClient, shelf: Shelf, bad: bytes
    ) -> None:
        good = [json.dumps(make_event()).encode() for _ in range(2)]
        body = b'{"events": [' + b", ".join([good[0], bad, good[1]]) + b"]}"
        answer = await api.post("/v1/events/batch", content=body, headers=JSON)
        assert answer.status_code == 202, answer.text
        assert [one["state"] for one in answer.json()["items"]] == [
            "accepted",
            "refused",
            "accepted",
        ]
        assert await shelf.count(EventRow) == 2
        assert answer.json()["items"][1]["errors"]
        assert len(answer.content) < 30_000

    async def test_an_id_is_given_back_where_it_is_one(self, api: httpx.AsyncClient) -> None:
        items = [{"event_id": "evt-9"}, {"event_id": "x" * 65}, {"event_id": 7}]
        answer = await api.post("/v1/events/batch", json={"events": items})
        assert [one["event_id"] for one in answer.json()["items"]] == ["evt-9", None, None]


@pytest.mark.usefixtures("lonely")
class TestNames:
    @pytest.mark.parametrize("field", ["partner_id", "data.order.order_id"])
    async def test_one_that_is_there_twice_is_refused(
        self, api: httpx.AsyncClient, shelf: Shelf, field: str
    ) -> None:
        name = field.rpartition(".")[2]
        twice = json.dumps(make_event()).replace(f'"{name}"', f'"{name}": "own", "{name}"', 1)
        answer = await api.post("/v1/events", content=twice, headers=JSON)
        assert answer.status_code in (400, 422)
        assert await shelf.count(EventRow) == 0

    async def test_elsewhere_too(self, api: httpx.AsyncClient) -> None:
        body = '{"name": "A", "tier": "smb", "tier": "enterprise"}'
        answer = await api.post("/v1/partners", content=body, headers=JSON)
        assert answer.status_code == 400


@pytest.mark.usefixtures("lonely")
class TestWhatIsNoJson:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"content-type": "text/plain"},
            {"content-type": "text/json"},
            {"content-type": "application/x-www-form-urlencoded"},
            {"content-type": "application/jsonp"},
            {"content-type": "nonsense"},
        ],
        ids=str,
    )
    async def test_is_a_415(self, api: httpx.AsyncClient, headers: dict[str, str]) -> None:
        body = json.dumps(make_event()).encode()
        answer = await api.post("/v1/events", content=body, headers=headers)
        assert answer.status_code == 415
        assert answer.json()["type"] == "/problems/unsupported-media-type"

    @pytest.mark.parametrize(
        "kind",
        ["application/json", "application/json; charset=utf-8", "Application/Vnd.oms+JSON"],
    )
    async def test_json_under_its_names_is_taken(self, api: httpx.AsyncClient, kind: str) -> None:
        body = json.dumps(make_event()).encode()
        answer = await api.post("/v1/events", content=body, headers={"content-type": kind})
        assert answer.status_code == 202

    async def test_compressed_is_a_415(self, api: httpx.AsyncClient) -> None:
        body = gzip.compress(json.dumps(make_event()).encode())
        headers = {**JSON, "content-encoding": "gzip"}
        assert (await api.post("/v1/events", content=body, headers=headers)).status_code == 415


def an_event(**order: Any) -> dict[str, Any]:
    """An out_for_delivery with this order."""
    return make_event("out_for_delivery", data=make_groups(order=make_order(**order)))


async def warned(api: httpx.AsyncClient, event: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields and codes that the 202 warns of; the same alone, in a batch and sent again."""
    answers = [
        (await api.post("/v1/events", json=event)).json(),
        (await api.post("/v1/events", json=event)).json(),
        (await api.post("/v1/events/batch", json={"events": [event]})).json()["items"][0],
    ]
    assert [one["duplicate"] for one in answers] == [False, True, True]
    assert answers[0]["warnings"] == answers[1]["warnings"] == answers[2]["warnings"]
    return [(one["field"], one["code"]) for one in answers[0]["warnings"]]


@pytest.mark.usefixtures("lonely")
class TestWarnings:
    async def test_there_are_none_of_an_event_that_is_right(self, api: httpx.AsyncClient) -> None:
        assert await warned(api, an_event()) == []

    @pytest.mark.parametrize("phone", ["call me", "98765", "+9198765432101", 12])
    async def test_a_phone_that_cannot_be_read(self, api: httpx.AsyncClient, phone: object) -> None:
        event = an_event(customer={"name": "Asha", "phone": phone})
        event["data"]["rider"] = {"rider_id": "R", "name": "Imran", "phone": phone}
        assert sorted(await warned(api, event)) == [
            ("data.order.customer.phone", "unreadable"),
            ("data.rider.phone", "unreadable"),
        ]

    @pytest.mark.parametrize("nobody", ["", "NA", "-", None])
    async def test_no_phone_is_nothing_to_warn_of(
        self, api: httpx.AsyncClient, nobody: str | None
    ) -> None:
        assert await warned(api, an_event(customer={"phone": nobody})) == []

    async def test_a_code_that_has_lost_its_zeros(self, api: httpx.AsyncClient) -> None:
        event = an_event()
        event["data"]["otp"]["code"] = 48392
        assert await warned(api, event) == [("data.otp.code", "unreadable")]

    async def test_a_zero_time(self, api: httpx.AsyncClient) -> None:
        event = an_event(promised_at="0001-01-01T00:00:00Z")
        assert await warned(api, event) == [("data.order.promised_at", "unreadable")]

    @pytest.mark.parametrize(
        ("order", "code"),
        [
            ({"payment_mode": "cod"}, "cod_amount_missing"),
            ({"cod_amount": {"amount": "499.00"}}, "cod_amount_on_prepaid"),
        ],
    )
    async def test_money(self, api: httpx.AsyncClient, order: dict[str, Any], code: str) -> None:
        assert await warned(api, an_event(**order)) == [("data.order.cod_amount", code)]

    async def test_a_code_that_is_over_before_the_event(self, api: httpx.AsyncClient) -> None:
        event = an_event()
        event["data"]["otp"] |= {
            "valid_from": "2026-01-01T00:00:00Z",
            "valid_until": "2026-01-01T01:00:00Z",
        }
        assert await warned(api, event) == [("data.otp.valid_until", "otp_already_over")]

    async def test_attempts(self, api: httpx.AsyncClient) -> None:
        event = make_event("delivery_failed", data=make_groups())
        event["data"]["failure"] |= {
            "attempt_number": 5,
            "max_attempts": 3,
            "next_attempt_at": "2026-01-01T00:00:00Z",
        }
        assert await warned(api, event) == [
            ("data.failure.attempt_number", "attempt_beyond_maximum"),
            ("data.failure.next_attempt_at", "next_attempt_in_the_past"),
        ]

    async def test_a_sequence_that_another_event_of_the_order_has(
        self, api: httpx.AsyncClient
    ) -> None:
        assert await warned(api, make_event(sequence=4)) == []
        assert await warned(api, make_event(sequence=4)) == [("sequence", "sequence_repeated")]
        other = make_event(sequence=4, data=make_groups(order=make_order(order_id="ORD-2")))
        assert await warned(api, other) == []


async def test_a_body_that_does_not_end_is_a_408() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def reading(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()

    async def send(_message: Message) -> None:
        raise AssertionError

    with pytest.raises(HTTPException) as caught:
        await BodyLimit(reading, within_s=0.01)({"type": "http", "path": "/x"}, never, send)
    assert caught.value.status_code == 408


@pytest.mark.parametrize(
    "document", [b"[" * 5_000, b'{"a": "\xff"}', b"{'a': 1}"], ids=["cut", "not utf-8", "quotes"]
)
def test_what_is_no_document_is_an_error(document: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_json(document)


def test_brackets_inside_texts_are_text() -> None:
    deep = b'["' + b"[{" * 5_000 + b'", ' + b"[" * 3_000 + b"]" * 3_000 + b', "\\"]"]'
    text, cut, end = read_json(deep)
    assert (text, end) == ("[{" * 5_000, '"]')
    assert not isinstance(cut, Unreadable)


async def test_while_a_batch_is_read_others_have_their_turn(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, seen = 0, set[int]()
    read = read_event

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def note(item: object) -> object:
        seen.add(turns)
        return read(item)

    monkeypatch.setattr(event_routes, "read_event", note)
    waiting = asyncio.create_task(others())
    answer = await api.post("/v1/events/batch", json={"events": [make_event() for _ in range(200)]})
    waiting.cancel()
    assert answer.status_code == 202
    assert len(seen) >= 15
