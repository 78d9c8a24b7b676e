"""What the API bounds: requests of a partner, guesses of keys, the size of Twilio's callback."""

import base64
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import Session

from api.auth import known_keys
from api.auth.known_keys import MOST_GUESSES
from api.middleware.body_limit import MOST_CALLBACK_BYTES
from contracts.access.api_keys import new_token
from contracts.access.callers import Scope
from contracts.access.users import Role
from store.access.api_keys import KnownKey, known_key
from store.access.login_throttle import network_of
from tests.support.clock import Hands
from tests.support.keys import make_key
from tests.support.parts import make_parts
from tests.support.shelf import NOW
from tests.support.stack import Stack
from tests.support.visitor import Visitor

STATUS = "/v1/sms/status"
SHAPED = base64.b64encode(b"x" * 20).decode()


@pytest.fixture
def clock(lonely: Stack, app: FastAPI) -> Hands:
    """The clock of the app, which stands still."""
    clock = Hands(NOW)
    app.state.parts = make_parts(lonely.database, lonely.gateway, clock)
    return clock


class TestAPartnersRequests:
    async def test_more_keys_allow_no_more(self, lonely: Stack, clock: Hands) -> None:
        await lonely.api.patch("/v1/partners/shop", json={"tier": "smb"})
        tokens = [
            (await make_key(lonely.database, Scope.PARTNER, "shop", now=NOW))[1] for _ in "ab"
        ]
        answers = [
            await lonely.api.get("/v1/none", headers={"authorization": f"Bearer {tokens[n % 2]}"})
            for n in range(61)
        ]
        assert [one.status_code for one in answers] == [404] * 60 + [429]
        assert clock() == NOW

    @pytest.mark.extended
    async def test_its_people_share_them(self, lonely: Stack, app: FastAPI, clock: Hands) -> None:
        await lonely.api.patch("/v1/partners/shop", json={"tier": "smb"})
        owner = await Visitor(app).sign_in_as(Role.OWNER, "shop")
        csrf = await owner.csrf()
        statuses = [
            (await owner.post("/p/shop/settings/pause", csrf=csrf)).status for _ in range(61)
        ]
        assert statuses[-1] == 429
        assert set(statuses[:60]) == {200}
        _, token = await make_key(lonely.database, Scope.PARTNER, "shop", now=NOW)
        by_key = await lonely.api.get("/v1/events", headers={"authorization": f"Bearer {token}"})
        assert (by_key.status_code, "retry-after" in by_key.headers) == (429, True)
        assert clock() == NOW


class TestGuessedKeys:
    async def test_they_cost_the_database_so_many_look_ups(
        self,
        lonely: Stack,
        clock: Hands,
        stranger: httpx.AsyncClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        looked_up = 0

        def counted(session: Session, *given: Any) -> KnownKey | None:
            nonlocal looked_up
            looked_up += 1
            return known_key(session, *given)

        monkeypatch.setattr(known_keys, "known_key", counted)
        _, good = await make_key(lonely.database, Scope.PARTNER, "shop", now=NOW)
        assert (await ask(stranger, good)).status_code == 200
        answers = [await ask(stranger, new_token(Scope.OMS)) for _ in range(MOST_GUESSES + 40)]
        assert looked_up == MOST_GUESSES + 1
        assert {one.status_code for one in answers[:MOST_GUESSES]} == {401}
        assert {one.status_code for one in answers[MOST_GUESSES:]} == {429}
        clock.turn(known_keys.STALE)
        assert (await ask(stranger, good)).status_code == 200, "a key that was good before"

    def test_a_line_of_ipv6_is_one_client(self) -> None:
        assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
        assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
        assert network_of("192.0.2.1") != network_of("192.0.2.2")
        assert network_of("testclient") == "testclient"


class TestTwilioCallback:
    @pytest.mark.parametrize("signature", ["", "x", "x" * 28, f"{SHAPED}=", "é" * 14])
    async def test_what_is_no_signature_has_nothing_read(
        self, stranger: httpx.AsyncClient, signature: str
    ) -> None:
        headers = {b"x-twilio-signature": signature.encode()}
        many = b"&".join(b"f%d=1" % number for number in range(20_000))
        answer = await stranger.post(STATUS, content=many, headers=list(headers.items()))
        assert answer.status_code == 403

    async def test_a_large_form_is_refused(self, stranger: httpx.AsyncClient) -> None:
        headers = {"x-twilio-signature": SHAPED}
        body = b"a" * (MOST_CALLBACK_BYTES + 1)
        answer = await stranger.post(STATUS, content=body, headers=headers)
        assert answer.status_code == 413

    async def test_so_is_one_of_many_fields(
        self, app: FastAPI, stranger: httpx.AsyncClient
    ) -> None:
        checked = 0

        def check(*_: object) -> bool:
            nonlocal checked
            checked += 1
            return True

        parts = app.state.parts
        object.__setattr__(parts, "twilio_signature", check)
        headers = {"x-twilio-signature": SHAPED}
        for fields, status in ((101, 403), (100, 204)):
            body = b"&".join(b"f%d=1" % number for number in range(fields))
            answer = await stranger.post(STATUS, content=body, headers=headers)
            assert answer.status_code == status
        assert checked == 1


async def test_a_portal_link_is_not_for_ops(lonely: Stack) -> None:
    asked = {"name": "portal user 4711", "role": "ops"}
    answer = await lonely.api.post("/v1/partners/shop/portal-links", json=asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "role")


async def ask(stranger: httpx.AsyncClient, token: str) -> httpx.Response:
    return await stranger.get("/v1/events", headers={"authorization": f"Bearer {token}"})
