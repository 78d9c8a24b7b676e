"""`/v1/keys`, and keys in use: believed for seconds, noted once a minute, refused once revoked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.auth.known_keys import FRESH, STALE
from contracts.access.callers import Scope
from dispatch.gateway import Gateway
from store.access import api_keys
from store.db.database import Database
from store.tables import ApiKeyRow
from tests.support.clock import Hands
from tests.support.encryption import KEYRING
from tests.support.keys import make_key
from tests.support.parts import make_parts
from tests.support.postgres import NOWHERE
from tests.support.shelf import NOW, Shelf
from tests.support.stack import Stack

SECOND = timedelta(seconds=1)


@dataclass
class Watched:
    """A database that counts what is read from it."""

    database: Database
    reads: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    async def take_in(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.reads.append(work.__name__)
        return await self.database.take_in(work, *args, **kwargs)

    @property
    def look_ups(self) -> int:
        return self.reads.count("known_key")


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def watched(database: Database) -> Watched:
    return Watched(database)


@pytest.fixture
def ring_app(app: FastAPI, watched: Watched, gateway: Gateway, clock: Hands) -> FastAPI:
    """The app with a clock to turn and a database that counts."""
    app.state.parts = make_parts(watched, gateway, clock)  # type: ignore[arg-type]
    return app


async def ask(app: FastAPI, token: str, path: str = "/v1/keys") -> httpx.Response:
    """One request with a key, and all that it left under way."""
    transport = httpx.ASGITransport(app)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://doorstep.test", headers=headers
    ) as client:
        answer = await client.get(path)
    await app.state.parts.keys.settle()
    return answer


class TestMaking:
    async def test_it_is_shown_once_and_works(self, lonely: Stack, app: FastAPI) -> None:
        asked = {"scope": "partner", "label": "the ERP", "partner_id": "shop"}
        made = await lonely.api.post("/v1/keys", json=asked)
        assert made.status_code == 201
        shown = made.json()
        token = shown.pop("key")
        assert (await lonely.api.get(f"/v1/keys/{shown['id']}")).json() == shown
        assert (await lonely.api.get("/v1/keys")).json()["items"] == [shown]
        assert shown["prefix"] == token.rpartition("_")[0]
        assert shown["created_by"] == "operator"
        assert shown["last_used_at"] is None
        assert (await ask(app, token, "/v1/partners/shop")).json()["id"] == "shop"

    async def test_a_partner_makes_keys_for_itself(self, lonely: Stack, app: FastAPI) -> None:
        key_id, token = await make_key(lonely.database, Scope.PARTNER, "shop")
        headers = {"authorization": f"Bearer {token}"}
        own = {"scope": "partner", "label": "the ERP", "partner_id": "shop"}
        made = await lonely.api.post("/v1/keys", json=own, headers=headers)
        assert made.status_code == 201
        assert made.json()["created_by"] == key_id
        for asked, field_ in [
            ({**own, "scope": "ops", "partner_id": None}, "scope"),
            ({**own, "scope": "oms", "partner_id": None}, "scope"),
            ({**own, "partner_id": "rival"}, "partner_id"),
            ({**own, "label": ""}, "label"),
        ]:
            refused = await lonely.api.post("/v1/keys", json=asked, headers=headers)
            assert refused.status_code == 422
            assert [one["field"] for one in refused.json()["errors"]] == [field_]

    async def test_pages_follow_each_other(self, lonely: Stack) -> None:
        made = [(await make_key(lonely.database))[0] for _ in range(3)]
        first = (await lonely.api.get("/v1/keys", params={"limit": 2})).json()
        second = await lonely.api.get(
            "/v1/keys", params={"limit": 2, "cursor": first["next_cursor"]}
        )
        ids = [one["id"] for one in (*first["items"], *second.json()["items"])]
        assert ids == sorted(made)
        assert second.json()["next_cursor"] is None


class TestRevoking:
    async def test_here_it_works_no_more_at_once(self, lonely: Stack, app: FastAPI) -> None:
        key_id, token = await make_key(lonely.database)
        assert (await ask(app, token)).status_code == 200
        for _ in range(2):
            revoked = await lonely.api.delete(f"/v1/keys/{key_id}")
            assert (revoked.status_code, revoked.content) == (204, b"")
        assert (await ask(app, token)).status_code == 401
        shown = (await lonely.api.get(f"/v1/keys/{key_id}")).json()
        assert shown["revoked_at"] is not None

    async def test_elsewhere_within_ten_seconds(
        self, ring_app: FastAPI, database: Database, clock: Hands
    ) -> None:
        key_id, token = await make_key(database, now=NOW)
        assert (await ask(ring_app, token)).status_code == 200
        await database.write(api_keys.revoke_key, key_id, NOW, actor="another process")
        assert timedelta(seconds=10) == STALE
        clock.turn(STALE)
        assert (await ask(ring_app, token)).status_code == 401

    async def test_elsewhere_a_busy_key_is_refused_sooner(
        self, ring_app: FastAPI, database: Database, clock: Hands
    ) -> None:
        key_id, token = await make_key(database, now=NOW)
        await ask(ring_app, token)
        await database.write(api_keys.revoke_key, key_id, NOW, actor="another process")
        clock.turn(FRESH)
        assert (await ask(ring_app, token)).status_code == 200, "the look-up goes on beside it"
        assert (await ask(ring_app, token)).status_code == 401


class TestLookUps:
    async def test_a_key_is_looked_up_once_in_a_while(
        self, ring_app: FastAPI, database: Database, watched: Watched, clock: Hands
    ) -> None:
        _, token = await make_key(database, now=NOW)
        for _ in range(50):
            await ask(ring_app, token)
        assert watched.look_ups == 1
        clock.turn(FRESH - SECOND)
        await ask(ring_app, token)
        assert watched.look_ups == 1
        clock.turn(SECOND)
        for _ in range(50):
            await ask(ring_app, token)
        assert watched.look_ups == 2

    async def test_a_wrong_key_too(
        self, ring_app: FastAPI, database: Database, watched: Watched
    ) -> None:
        _, token = await make_key(database, now=NOW)
        wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
        for _ in range(10):
            assert (await ask(ring_app, wrong)).status_code == 401
        assert watched.look_ups == 1

    async def test_what_is_no_key_of_ours_is_not_looked_up(
        self, ring_app: FastAPI, watched: Watched
    ) -> None:
        assert (await ask(ring_app, "a-guess")).status_code == 401
        assert watched.look_ups == 0

    async def test_it_ends_on_time_although_it_is_believed(
        self, ring_app: FastAPI, database: Database, clock: Hands
    ) -> None:
        _, token = await make_key(database, now=NOW, expires_at=NOW + 3 * SECOND)
        assert (await ask(ring_app, token)).status_code == 200
        clock.turn(3 * SECOND)
        assert (await ask(ring_app, token)).status_code == 401

    async def test_without_the_database_a_new_key_is_a_503(
        self, app: FastAPI, gateway: Gateway, database: Database
    ) -> None:
        _, token = await make_key(database)
        gone = Database(NOWHERE, KEYRING)
        app.state.parts = make_parts(gone, gateway)
        answer = await ask(app, token)
        gone.close()
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"


class TestLastUse:
    async def test_it_is_noted_once_a_minute(
        self, ring_app: FastAPI, database: Database, clock: Hands
    ) -> None:
        key_id, token = await make_key(database, now=NOW)
        shelf = Shelf(database)
        for seconds, noted in [(0, 0), (30, 0), (30, 60)]:
            clock.turn(seconds * SECOND)
            await ask(ring_app, token)
            used = (await shelf.one(ApiKeyRow, key_id)).last_used_at
            assert used == NOW + noted * SECOND
