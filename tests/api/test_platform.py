"""Health, readiness, the description of the API, and its composition."""

import json

import httpx
import pytest
from fastapi import FastAPI

from api.app import from_environment, open_parts
from api.auth.known_keys import OPERATOR
from contracts.errors import ConfigurationError
from dispatch.gateway import Gateway
from settings import Settings
from store.db.database import Database
from store.encryption.keyring import new_key
from tests.support.encryption import KEY, KEYRING
from tests.support.parts import make_parts
from tests.support.postgres import NOWHERE


class TestHealth:
    async def test_alive_whatever_is_away(self, stranger: httpx.AsyncClient) -> None:
        answer = await stranger.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})

    async def test_ready_without_temporal_because_events_are_taken_and_it_says_so(
        self, stranger: httpx.AsyncClient
    ) -> None:
        answer = await stranger.get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {
            "ready": True,
            "database": "ok",
            "temporal": "Temporal does not answer",
        }

    async def test_not_ready_without_the_database_and_it_says_so(
        self, app: FastAPI, stranger: httpx.AsyncClient, gateway: Gateway
    ) -> None:
        gone = Database(NOWHERE, KEYRING)
        app.state.parts = make_parts(gone, gateway)
        answer = await stranger.get("/readyz")
        gone.close()
        assert answer.status_code == 503
        assert answer.json()["database"] not in ("ok", "")
        for inside in ("127.0.0.1", "postgresql", "OperationalError", "refused"):
            assert inside not in answer.text


class TestTheDescription:
    async def test_it_renders_and_has_every_call(self, stranger: httpx.AsyncClient) -> None:
        described = (await stranger.get("/openapi.json")).json()
        assert described["openapi"].startswith("3.1")
        calls = {
            f"{method.upper()} {path}"
            for path, methods in described["paths"].items()
            for method in methods
        }
        assert calls >= {
            "POST /v1/events",
            "POST /v1/events/batch",
            "POST /v1/events/search",
            "GET /v1/events/{event_id}",
            "GET /v1/events/{event_id}/status",
            "POST /v1/events/{event_id}/start",
            "GET /v1/deliveries/{delivery_id}",
            "POST /v1/deliveries/{delivery_id}/retry",
            "GET /v1/instructions",
            "GET /v1/instructions/{instruction_id}",
            "POST /v1/instructions/{instruction_id}/decision",
            "POST /v1/instructions/{instruction_id}/retry",
            "GET /v1/orders/{order_id}/instructions",
            "POST /v1/orders/{order_id}/instructions",
            "GET /v1/outcomes",
            "GET /v1/outcomes/calls",
            "GET /v1/outcomes/partners",
            "PUT /v1/outcomes/calls",
            "GET /v1/outcomes/baselines",
            "PUT /v1/outcomes/baselines",
            "POST /v1/outcomes/baselines/measured",
            "DELETE /v1/outcomes/baselines/{partner_id}/{figure}",
            "GET /v1/notifications",
            "GET /v1/partners/{partner_id}/notification-webhook",
            "PUT /v1/partners/{partner_id}/notification-webhook",
            "DELETE /v1/partners/{partner_id}/notification-webhook",
            "GET /v1/partners",
            "POST /v1/partners",
            "GET /v1/partners/{partner_id}",
            "GET /v1/endpoints",
            "POST /v1/endpoints",
            "GET /v1/endpoints/{endpoint_id}",
            "PATCH /v1/endpoints/{endpoint_id}",
            "POST /v1/endpoints/{endpoint_id}/rotate-secret",
            "GET /healthz",
            "GET /readyz",
        }

    async def test_what_may_be_left_out_is_not_required_of_the_sender(
        self, stranger: httpx.AsyncClient
    ) -> None:
        schemas = (await stranger.get("/openapi.json")).json()["components"]["schemas"]
        order = schemas["Order"]
        assert "awb_number" in order["properties"]
        assert sorted(order["required"]) == [
            "delivery_address",
            "order_id",
            "ordered_at",
            "payment_mode",
            "shipment_id",
            "status",
        ]


class TestComposition:
    async def test_the_parts_come_from_the_settings(self, database_url: str) -> None:
        settings = Settings(
            operator_key="k" * 16,
            encryption_keys=KEY.as_setting(),
            database_url=database_url,
            temporal_port=1,
        )
        async with open_parts(settings) as parts:
            await parts.database.ping()
            assert await parts.keys.identify("k" * 16) == OPERATOR

    async def test_without_a_key_it_does_not_start(self) -> None:
        with pytest.raises(ConfigurationError, match="DOORSTEP_OPERATOR_KEY"):
            async with open_parts(Settings(operator_key=None)):
                pass

    async def test_without_the_key_that_sealed_the_database_it_does_not_start(
        self, database_url: str
    ) -> None:
        another = Settings(
            operator_key="k" * 16,
            encryption_keys=new_key("other").as_setting(),
            database_url=database_url,
        )
        with pytest.raises(ConfigurationError, match="sealed with key test: DOORSTEP_ENCRYPTION"):
            async with open_parts(another):
                pass

    async def test_the_app_serves_with_its_lifespan(
        self, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOORSTEP_OPERATOR_KEY", "k" * 16)
        monkeypatch.setenv("DOORSTEP_DATABASE_URL", database_url)
        monkeypatch.setenv("DOORSTEP_ENCRYPTION_KEYS", KEY.as_setting())
        monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
        app = from_environment()
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://doorstep.test"
            ) as client,
        ):
            assert (await client.get("/healthz")).status_code == 200
            answer = await client.get(
                "/v1/partners", headers={"authorization": f"Bearer {'k' * 16}"}
            )
            assert json.loads(answer.text)["next_cursor"] is None
