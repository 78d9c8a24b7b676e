"""`GET /v1/endpoints/{id}/health`: the state, the reason in words, the numbers, the last
attempts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import Session

from contracts.access.callers import Scope
from contracts.delivery.states import AttemptState, Trigger
from dispatch.gateway import Gateway
from store.endpoints.health import CountedAttempt, add_to_span
from store.tables import AttemptRow
from tests.support.keys import make_key
from tests.support.parts import make_parts
from tests.support.shelf import Shelf, Webhook, an_event
from tests.support.stack import Stack

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
NO_ATTEMPTS = {
    "attempts": 0,
    "succeeded": 0,
    "timed_out": 0,
    "success_rate": None,
    "p50_ms": None,
    "p95_ms": None,
    "p99_ms": None,
}


@pytest.fixture
async def webhook(app: FastAPI, lonely: Stack, gateway: Gateway, shelf: Shelf) -> Webhook:
    """A delivery to the endpoint of the partner `shop`; it is NOW."""
    endpoint = await shelf.add_endpoint()
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    app.state.parts = make_parts(lonely.database, gateway, lambda: NOW)
    return Webhook(shelf, event, planned.delivery_id, endpoint.id)


async def read(api: httpx.AsyncClient, webhook: Webhook) -> dict[str, Any]:
    answer = await api.get(f"/v1/endpoints/{webhook.endpoint_id}/health")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def add_attempts(webhook: Webhook, *statuses: int | None) -> None:
    """Attempts a minute apart, the last one a minute ago; without a status they timed out."""

    def add(session: Session) -> None:
        for number, status in enumerate(statuses, start=1):
            started_at = NOW - timedelta(minutes=len(statuses) + 1 - number)
            ok, duration_ms = status == 200, 340 if status else 20_031
            attempt = AttemptRow(
                id=f"att_{number}",
                delivery_id=webhook.id,
                endpoint_id=webhook.endpoint_id,
                number=number,
                round=1,
                trigger=Trigger.SCHEDULED,
                state=AttemptState.SUCCEEDED if ok else AttemptState.FAILED,
                charged=not ok,
                code=f"http_{status}" if status else "timeout",
                status_code=status,
                duration_ms=duration_ms,
                response_excerpt="never shown here",
                started_at=started_at,
            )
            session.add(attempt)
            add_to_span(
                session,
                webhook.endpoint_id,
                [CountedAttempt(ok, status is None, duration_ms)],
                started_at,
            )

    await webhook.shelf.database.write(add)


class TestWhatIsShown:
    async def test_before_anything_was_sent(self, lonely: Stack, webhook: Webhook) -> None:
        assert await read(lonely.api, webhook) == {
            "endpoint_id": webhook.endpoint_id,
            "state": "untried",
            "reason": "Nothing was sent to it yet.",
            "since": None,
            "last_hour": NO_ATTEMPTS,
            "last_24_hours": NO_ATTEMPTS,
            "last_7_days": NO_ATTEMPTS,
            "last_attempts": [],
        }

    async def test_of_attempts(self, lonely: Stack, webhook: Webhook) -> None:
        await add_attempts(webhook, 200, 200, 503, None)
        shown = await read(lonely.api, webhook)
        hour = {"attempts": 4, "succeeded": 2, "timed_out": 1, "success_rate": 0.5}
        hour |= {"p50_ms": 400, "p95_ms": 20_000, "p99_ms": 20_000}
        assert shown == {
            "endpoint_id": webhook.endpoint_id,
            "state": "degraded",
            "reason": "2 of the last 4 attempts failed, since 14:28 UTC; 1 of them timed out after "
            "20 s.",
            "since": "2026-11-25T14:28:00Z",
            "last_hour": hour,
            "last_24_hours": hour,
            "last_7_days": hour,
            "last_attempts": shown["last_attempts"],
        }
        assert shown["last_attempts"][:2] == [
            {
                "started_at": "2026-11-25T14:29:00Z",
                "state": "failed",
                "code": "timeout",
                "status_code": None,
                "duration_ms": 20_031,
            },
            {
                "started_at": "2026-11-25T14:28:00Z",
                "state": "failed",
                "code": "http_503",
                "status_code": 503,
                "duration_ms": 340,
            },
        ]

    async def test_of_an_endpoint_that_was_paused(self, lonely: Stack, webhook: Webhook) -> None:
        await add_attempts(webhook, None, None, None, None, None)
        address = f"/v1/endpoints/{webhook.endpoint_id}"
        assert (await lonely.api.patch(address, json={"state": "paused"})).status_code == 200
        shown = await read(lonely.api, webhook)
        assert (shown["state"], shown["reason"]) == ("paused", "Switched off by hand.")
        assert (shown["since"], shown["last_hour"]["attempts"]) == (None, 5)

    async def test_of_one_that_fails(self, lonely: Stack, webhook: Webhook) -> None:
        await add_attempts(webhook, 200, 503, 503, 503, 503, 503)
        shown = await read(lonely.api, webhook)
        assert (shown["state"], shown["since"]) == ("failing", "2026-11-25T14:25:00Z")
        assert shown["reason"] == (
            "Every attempt since 14:25 UTC was answered 503 (Service Unavailable): 5 in a row."
        )


class TestWhoMayRead:
    async def test_a_partner_its_own_and_no_other_s(self, lonely: Stack, webhook: Webhook) -> None:
        await lonely.add_partner("rival")
        for partner_id, status in (("shop", 200), ("rival", 404)):
            _, token = await make_key(lonely.database, Scope.PARTNER, partner_id)
            lonely.api.headers["authorization"] = f"Bearer {token}"
            answer = await lonely.api.get(f"/v1/endpoints/{webhook.endpoint_id}/health")
            assert answer.status_code == status

    async def test_a_removed_endpoint_has_none(self, lonely: Stack, webhook: Webhook) -> None:
        address = f"/v1/endpoints/{webhook.endpoint_id}"
        assert (await lonely.api.delete(address)).status_code == 204
        assert (await lonely.api.get(f"{address}/health")).status_code == 404
