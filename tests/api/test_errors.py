"""Every error of every route has one shape, names no value, and tells a client what to do."""

import re
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.auth.key_check import OPEN_PATHS
from dispatch.gateway import Gateway
from store.db.database import Database
from tests.support.factories import make_event, make_groups
from tests.support.parts import OPERATOR_KEY, make_parts
from tests.support.pictures import a_png
from tests.support.shelf import Shelf, an_event
from tests.support.stack import Stack

MARKER = "MARKER-9876543210-483920"
URL = "https://hooks.shop.example/doorstep"

TEMPLATE = "/v1/sms/templates/order_confirmed/en"
CONTENT_TEMPLATE = "/v1/sms/senders/NOSUCH/templates/1107160000000000123"

GIVEN = {"action": "reattempt"}
CALLS_GIVEN = {"day": "2026-03-02", "calls": 38}
BEFORE = {"from": "2026-01-01", "to": "2026-01-31"}
BASELINE_GIVEN = {**BEFORE, "figure": "rto", "value": "0.1"}

Call = tuple[str, str, dict[str, Any], int]


def wrong_event() -> dict[str, Any]:
    """An event with something personal in every wrong place."""
    data = make_groups()
    data["order"]["customer"] = {"name": MARKER * 50, "phone": MARKER}
    data["otp"]["code"] = data["order"]["tracking_url"] = MARKER
    data["order"]["cod_amount"] = {"amount": MARKER}
    return make_event(f"{MARKER}", data=data, occurred_at=MARKER, sequence=MARKER)


CALLS: list[Call] = [
    ("POST", "/v1/events", {"content": b"{" + MARKER.encode()}, 400),
    ("POST", "/v1/events", {"json": wrong_event()}, 422),
    ("POST", "/v1/events", {"content": MARKER.encode().ljust(300_000)}, 413),
    ("POST", "/v1/events/batch", {"json": {"events": MARKER}}, 422),
    ("GET", "/v1/events", {"params": {"limit": 0, "state": MARKER, "colour": MARKER}}, 422),
    ("GET", "/v1/events", {"params": {"cursor": MARKER}}, 422),
    ("POST", "/v1/events/search", {"json": {"phone": MARKER, "customer_name": "1"}}, 422),
    ("GET", "/v1/events/evt-none", {}, 404),
    ("GET", "/v1/events/evt-none/status", {}, 404),
    ("POST", "/v1/events/evt-none/start", {}, 404),
    ("DELETE", "/v1/events/evt-none", {}, 405),
    ("GET", "/v1/deliveries/dlv_none", {}, 404),
    ("POST", "/v1/deliveries/dlv_none/retry", {}, 404),
    ("POST", "/v1/deliveries/dlv_none/retry", {"json": {"resend": MARKER}}, 422),
    ("GET", "/v1/deliveries/dlv_none/retry", {}, 405),
    ("POST", "/v1/deliveries/dlv_none/redirect", {"json": {"phone": "9845012345"}}, 404),
    ("POST", "/v1/deliveries/dlv_none/redirect", {"json": {"phone": MARKER}}, 422),
    ("GET", "/v1/dead-letters", {"params": {"channel": MARKER, "open": MARKER, "x": MARKER}}, 422),
    ("GET", "/v1/dead-letters", {"params": {"cursor": MARKER}}, 422),
    ("PUT", "/v1/dead-letters", {}, 405),
    ("GET", "/v1/dead-letters/dl_none", {}, 404),
    ("POST", "/v1/dead-letters/retry", {"json": {"ids": ["dl_none"]}}, 404),
    ("POST", "/v1/dead-letters/retry", {"json": {"filter": {"reason": MARKER}}}, 422),
    ("POST", "/v1/dead-letters/retry", {"json": {"filter": {}, "cursor": MARKER}}, 422),
    ("POST", "/v1/dead-letters/retry", {"json": {"ids": ["x"], "filter": {}}}, 422),
    ("POST", "/v1/dead-letters/discard", {"json": {"ids": ["dl_none"], "reason": "x"}}, 404),
    ("POST", "/v1/dead-letters/discard", {"json": {"ids": [MARKER] * 101, "reason": ""}}, 422),
    ("GET", "/v1/instructions", {"params": {"cursor": MARKER, "state": MARKER}}, 422),
    ("GET", "/v1/instructions/ins_none", {}, 404),
    ("POST", "/v1/instructions/ins_none/decision", {"json": {"decision": "accepted"}}, 404),
    ("POST", "/v1/instructions/ins_none/decision", {"json": {"decision": MARKER}}, 422),
    ("POST", "/v1/instructions/ins_none/retry", {}, 404),
    ("GET", "/v1/orders/ORD-none/instructions", {"params": {"partner_id": "shop"}}, 404),
    ("GET", "/v1/orders/ORD-none/instructions", {}, 422),
    ("POST", "/v1/orders/ORD-none/instructions", {"json": {**GIVEN, "partner_id": "shop"}}, 404),
    ("POST", "/v1/orders/ORD-none/instructions", {"json": GIVEN}, 422),
    ("POST", "/v1/orders/ORD-none/instructions", {"json": {**GIVEN, "phone": MARKER}}, 422),
    ("POST", "/v1/orders/ORD-none/instructions", {"json": {**GIVEN, "comment": MARKER * 50}}, 422),
    ("GET", "/v1/outcomes", {"params": {"from": MARKER, "by": MARKER, "colour": MARKER}}, 422),
    ("GET", "/v1/outcomes", {"params": {"partner_id": "nobody"}}, 404),
    ("GET", "/v1/outcomes/calls", {"params": {"from": "2026-03-02", "to": "2026-03-01"}}, 422),
    ("GET", "/v1/outcomes/partners", {"params": {"from": MARKER, "partner_id": "shop"}}, 422),
    ("PUT", "/v1/outcomes/calls", {"json": {"partner_id": "shop", "day": MARKER}}, 422),
    ("PUT", "/v1/outcomes/calls", {"json": {**CALLS_GIVEN, "partner_id": "nobody"}}, 404),
    ("GET", "/v1/outcomes/baselines", {"params": {"colour": MARKER}}, 422),
    ("PUT", "/v1/outcomes/baselines", {"json": {**BASELINE_GIVEN, "partner_id": "nobody"}}, 404),
    ("PUT", "/v1/outcomes/baselines", {"json": {**BASELINE_GIVEN, "figure": MARKER}}, 422),
    ("PUT", "/v1/outcomes/baselines", {"json": {**BASELINE_GIVEN, "value": MARKER}}, 422),
    ("POST", "/v1/outcomes/baselines/measured", {"json": {**BEFORE, "partner_id": "shop"}}, 422),
    ("POST", "/v1/outcomes/baselines/measured", {"json": {**BEFORE, "partner_id": "nobody"}}, 404),
    ("DELETE", "/v1/outcomes/baselines/shop/rto", {}, 404),
    ("DELETE", f"/v1/outcomes/baselines/shop/{MARKER}", {}, 422),
    ("POST", "/v1/partners", {"json": {"name": MARKER * 50, "tier": MARKER}}, 422),
    ("POST", "/v1/partners", {"json": {"id": "shop", "name": "x", "tier": "smb"}}, 409),
    ("GET", "/v1/partners", {"params": {"limit": MARKER, "cursor": MARKER * 50}}, 422),
    ("GET", "/v1/partners/nobody", {}, 404),
    ("PATCH", "/v1/partners/nobody", {"json": {"paused": True}}, 404),
    ("PATCH", "/v1/partners/shop", {"json": {"tier": MARKER, "colour": MARKER}}, 422),
    ("PATCH", "/v1/partners/shop", {"json": {"contact_phone": MARKER}}, 422),
    ("POST", "/v1/sms/test-messages", {"json": {"partner_id": "nobody"}}, 404),
    ("POST", "/v1/sms/test-messages", {"json": {"partner_id": "shop"}}, 409),
    ("POST", "/v1/sms/test-messages", {"json": {"event_type": MARKER}}, 422),
    ("GET", "/v1/sms/usage", {"params": {"partner_id": "nobody"}}, 404),
    ("POST", "/v1/partners/nobody/portal-links", {"json": {"name": "x"}}, 404),
    ("POST", "/v1/partners/shop/portal-links", {"json": {"name": "x", "role": MARKER}}, 422),
    ("PUT", "/v1/partners/nobody/logo", {"content": a_png()}, 404),
    ("PUT", "/v1/partners/shop/logo", {"content": MARKER.encode()}, 422),
    ("DELETE", "/v1/partners/nobody/logo", {}, 404),
    ("POST", "/v1/orders/ORD-1/tracking-link", {"json": {"partner_id": "shop"}}, 409),
    ("POST", "/v1/orders/ORD-1/tracking-link", {"json": {"is_test": MARKER}}, 422),
    ("POST", "/v1/orders/ORD-1/tracking-link/revoke", {"json": {"partner_id": "shop"}}, 404),
    ("POST", "/v1/orders/ORD-1/tracking-link/revoke", {}, 422),
    ("PUT", "/v1/partners", {}, 405),
    ("POST", "/v1/endpoints", {"json": {"partner_id": "shop", "url": MARKER}}, 422),
    ("POST", "/v1/endpoints", {"json": {"partner_id": "nobody", "url": URL}}, 422),
    ("GET", "/v1/endpoints", {"params": {"limit": 0}}, 422),
    ("GET", "/v1/endpoints/ep_none", {}, 404),
    ("GET", "/v1/endpoints/ep_none/health", {}, 404),
    ("PATCH", "/v1/endpoints/ep_none", {"json": {"state": "paused"}}, 404),
    ("PATCH", "/v1/endpoints/ep_none", {"json": {"state": MARKER}}, 422),
    ("PATCH", "/v1/endpoints/ep_none", {"json": {"url": f"https://{MARKER}@x.example/"}}, 422),
    ("PATCH", "/v1/endpoints/ep_none", {"json": {"custom_headers": {"x": f" {MARKER}"}}}, 422),
    ("DELETE", "/v1/endpoints/ep_none", {}, 404),
    ("POST", "/v1/endpoints/ep_none/rotate-secret", {}, 404),
    ("POST", "/v1/endpoints/ep_none/rotate-secret", {"json": {"immediate": MARKER}}, 422),
    ("POST", "/v1/endpoints/ep_none/test-events", {}, 404),
    ("POST", "/v1/endpoints/ep_none/test-events", {"json": {"event_type": MARKER}}, 422),
    ("POST", "/v1/endpoints/ep_none/rehearsals", {}, 404),
    ("POST", "/v1/endpoints/ep_none/rehearsals", {"json": {"scenario": MARKER}}, 422),
    ("POST", "/v1/sms/suspensions", {"json": {"partner_id": "nobody", "reason": "x"}}, 422),
    ("POST", "/v1/sms/suspensions", {"json": {"partner_id": MARKER * 9}}, 422),
    ("DELETE", "/v1/sms/suspensions/stop_none", {}, 404),
    ("PUT", "/v1/sms/suspensions", {}, 405),
    ("POST", "/v1/sms/status", {"content": f"MessageSid={MARKER}".encode()}, 403),
    ("GET", "/v1/sms/status", {}, 405),
    ("GET", "/v1/sms/templates", {"params": {"partner_id": "nobody"}}, 404),
    ("PUT", TEMPLATE, {"json": {"partner_id": "shop", "text": f"{MARKER}{{x}}"}}, 422),
    ("PUT", TEMPLATE, {"json": {"partner_id": "nobody", "text": "{shop}"}}, 422),
    ("PUT", "/v1/sms/templates/MARKER/en", {"json": {"partner_id": "shop", "text": "x"}}, 422),
    ("DELETE", TEMPLATE, {"params": {"partner_id": "shop"}}, 404),
    ("GET", f"{TEMPLATE}/versions", {"params": {"partner_id": "nobody"}}, 404),
    ("POST", "/v1/sms/preview", {"json": {"partner_id": "shop", "event_type": MARKER}}, 422),
    ("POST", "/v1/sms/opt-outs", {"json": {"partner_id": "shop", "phone": MARKER}}, 422),
    ("GET", "/v1/sms/opt-outs", {"params": {"limit": MARKER}}, 422),
    ("DELETE", "/v1/sms/opt-outs/opt_none", {}, 404),
    ("GET", "/v1/sms/senders", {"params": {"limit": MARKER}}, 422),
    ("PUT", "/v1/sms/senders/DRSTEP", {"json": {"entity_id": MARKER, "header": MARKER}}, 422),
    ("GET", "/v1/sms/senders/NOSUCH", {}, 404),
    ("DELETE", "/v1/sms/senders/NOSUCH", {}, 404),
    ("GET", "/v1/sms/senders/NOSUCH/templates", {}, 404),
    ("PUT", CONTENT_TEMPLATE, {"json": {"text": MARKER}}, 422),
    ("DELETE", CONTENT_TEMPLATE, {}, 404),
    ("POST", "/v1/endpoints/ep_none/recoveries", {}, 404),
    ("POST", "/v1/endpoints/ep_none/recoveries/preview", {}, 404),
    ("GET", "/v1/deliveries", {"params": {"state": MARKER}}, 422),
    ("GET", "/v1/attempts", {"params": {"endpoint_id": "ep_none"}}, 404),
    ("POST", "/v1/endpoints/ep_none/recoveries", {"json": {"states": [MARKER]}}, 422),
    ("GET", "/v1/endpoints/ep_none/recoveries", {}, 404),
    ("GET", "/v1/recoveries/rcv_none", {}, 404),
    ("POST", "/v1/recoveries/rcv_none/cancel", {}, 404),
    ("GET", "/v1/notifications", {"params": {"state": MARKER, "channel": MARKER}}, 422),
    ("GET", "/v1/notifications", {"params": {"cursor": MARKER}}, 422),
    ("GET", "/v1/partners/shop/notification-webhook", {}, 404),
    ("PUT", "/v1/partners/shop/notification-webhook", {"json": {"url": MARKER}}, 422),
    ("PUT", "/v1/partners/nobody/notification-webhook", {"json": {"url": URL}}, 404),
    ("DELETE", "/v1/partners/shop/notification-webhook", {}, 404),
    ("POST", "/v1/keys", {"json": {"scope": MARKER, "label": MARKER * 50}}, 422),
    ("POST", "/v1/keys", {"json": {"scope": "partner", "label": MARKER}}, 422),
    ("GET", "/v1/keys", {"params": {"limit": MARKER}}, 422),
    ("GET", "/v1/keys/key_none", {}, 404),
    ("DELETE", "/v1/keys/key_none", {}, 404),
    ("PUT", "/v1/keys/key_none", {}, 405),
    ("GET", "/v1/audit", {"params": {"cursor": MARKER}}, 422),
    ("GET", "/v1/audit", {"params": {"since": MARKER, "colour": MARKER}}, 422),
    ("GET", "/v1/schemas/MARKER", {}, 404),
    ("GET", "/v1/schemas/MARKER/examples/delivered", {}, 404),
    ("GET", "/v1/schemas/1.0/examples/MARKER", {}, 422),
    ("POST", "/healthz", {}, 405),
    ("POST", "/readyz", {}, 405),
    ("GET", "/metrics", {}, 404),
    ("GET", "/nowhere", {}, 404),
]


def is_problem(answer: httpx.Response, status: int) -> None:
    """The one shape, and nothing of what was sent in it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert list(body) == ["type", "title", "status", "detail", "errors"]
    assert body["type"].startswith("/problems/")
    assert body["title"]
    assert body["detail"]
    assert body["status"] == status
    for fault in body["errors"]:
        assert list(fault) == ["field", "message"]
        assert fault["field"]
        assert fault["message"]
    assert bool(body["errors"]) is (status == 422)
    assert "MARKER" not in answer.text


class TestTheShape:
    @pytest.mark.parametrize(
        ("method", "path", "request_", "status"),
        CALLS,
        ids=[f"{status} {method} {path}" for method, path, _, status in CALLS],
    )
    async def test_of_every_error(
        self,
        api: httpx.AsyncClient,
        method: str,
        path: str,
        request_: dict[str, Any],
        status: int,
        lonely: Stack,
    ) -> None:
        headers = {"content-type": "application/json"}
        is_problem(await api.request(method, path, headers=headers, **request_), status)

    def test_every_route_is_in_the_table(self, app: FastAPI) -> None:
        """So that a new route cannot be forgotten."""
        tried = [path for _, path, _, _ in CALLS]
        for path, _ in _operations(app):
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            assert any(pattern.fullmatch(one) for one in tried), path

    async def test_a_mistake_of_ours_is_a_500_without_its_story(
        self, app: FastAPI, database: Database, gateway: Gateway
    ) -> None:
        def broken_clock() -> datetime:
            raise ZeroDivisionError(MARKER)

        app.state.parts = make_parts(database, gateway, broken_clock)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = {"authorization": f"Bearer {OPERATOR_KEY}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://doorstep.test", headers=headers
        ) as api:
            answer = await api.post("/v1/events", json=make_event())
        is_problem(answer, 500)
        assert answer.headers["x-content-type-options"] == "nosniff"

    async def test_temporal_away_is_a_503(self, lonely: Stack, shelf: Shelf) -> None:
        await shelf.add_endpoint()
        [planned] = (await shelf.plan(an_event())).deliveries
        answer = await lonely.retry(planned.delivery_id)
        is_problem(answer, 503)
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["type"] == "/problems/engine-unavailable"


class TestTheKey:
    @pytest.mark.parametrize(
        "authorization",
        [
            None,
            "",
            "Bearer",
            "Bearer ",
            "Bearer wrong",
            f"Bearer {OPERATOR_KEY}x",
            f"Bearer {OPERATOR_KEY[:-1]}",
            f"Bearer {OPERATOR_KEY.upper()}",
            f"Basic {OPERATOR_KEY}",
            OPERATOR_KEY,
            "Bearer \xff\xfe",
        ],
    )
    async def test_without_the_right_one_it_is_a_401(
        self, stranger: httpx.AsyncClient, authorization: str | None
    ) -> None:
        headers = (
            {} if authorization is None else {b"authorization": authorization.encode("latin-1")}
        )
        answer = await stranger.get("/v1/partners", headers=headers)
        is_problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert OPERATOR_KEY not in answer.text

    async def test_every_operation_under_v1_asks_for_it(
        self, app: FastAPI, stranger: httpx.AsyncClient
    ) -> None:
        under_v1 = [
            one
            for one in _operations(app)
            if one[0].startswith("/v1/") and not one[0].startswith(OPEN_PATHS)
        ]
        assert len(under_v1) > 10
        for path, method in under_v1:
            answer = await stranger.request(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code == 401, f"{method} {path}"

    async def test_a_wrong_method_says_which_are_right(self, api: httpx.AsyncClient) -> None:
        answer = await api.delete("/v1/events")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, POST"


def _operations(app: FastAPI) -> list[tuple[str, str]]:
    """Every path with each of its methods, as the app itself describes them."""
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return [(path, method.upper()) for path, methods in paths.items() for method in methods]


async def test_our_own_words_come_without_pydantic_s(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        "/v1/endpoints", json={"partner_id": "shop", "url": "https://hooks.shop.example:81/in"}
    )
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["field"]) == (422, "url")
    assert fault["message"].startswith("the port is ")
