"""`/v1/schemas`: what is committed is what is served, to anyone, and only once to each."""

import httpx
import pytest
from jsonschema import Draft202012Validator

from compatibility.files import CURRENT
from contracts.payload.events import EventType

PATHS = ["/v1/schemas/1.0", *(f"/v1/schemas/1.0/examples/{kind}" for kind in EventType)]


class TestTheSchema:
    async def test_it_is_the_committed_one_under_its_own_media_type(
        self, stranger: httpx.AsyncClient
    ) -> None:
        answer = await stranger.get("/v1/schemas/1.0")
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.content == CURRENT.read_bytes()

    @pytest.mark.parametrize("kind", EventType)
    async def test_it_takes_the_served_examples(
        self, stranger: httpx.AsyncClient, kind: EventType
    ) -> None:
        schema = (await stranger.get("/v1/schemas/1.0")).json()
        answer = await stranger.get(f"/v1/schemas/1.0/examples/{kind}")
        assert answer.headers["content-type"] == "application/json"
        Draft202012Validator(schema).validate(answer.json())

    @pytest.mark.parametrize("version", ["2.0", "1", "released", "..%2F..%2Fids.py"])
    async def test_there_is_no_other_version(
        self, stranger: httpx.AsyncClient, version: str
    ) -> None:
        answer = await stranger.get(f"/v1/schemas/{version}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
class TestAskingAgain:
    async def test_it_may_be_kept_for_an_hour(self, stranger: httpx.AsyncClient, path: str) -> None:
        assert (await stranger.get(path)).headers["cache-control"] == "public, max-age=3600"

    async def test_what_is_known_already_is_not_sent_again(
        self, stranger: httpx.AsyncClient, path: str
    ) -> None:
        tag = (await stranger.get(path)).headers["etag"]
        for seen in (tag, f'"other", W/{tag}', "*"):
            answer = await stranger.get(path, headers={"if-none-match": seen})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == tag

    async def test_what_is_not_known_is(self, stranger: httpx.AsyncClient, path: str) -> None:
        answer = await stranger.get(path, headers={"if-none-match": '"other"'})
        assert answer.status_code == 200
