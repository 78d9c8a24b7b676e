"""What a request's span says, and that nothing but ours is made of it."""

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.dependencies import Parts
from dispatch.gateway import Gateway
from store.db.database import Database
from tests.support.parts import make_parts
from tests.support.traces import Collector


@pytest.fixture
def collector(app: FastAPI, database: Database, gateway: Gateway) -> Collector:
    """Where the API's spans go."""
    collector = Collector()
    tracing = collector.telemetry("api").tracing
    app.state.parts = make_parts(database, gateway, tracing=tracing)
    return collector


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v1/events/evt-none?x=secret", "/v1/events/{event_id}"),
        ("/dashboard/invitations/secret", "/dashboard/invitations/{token}"),
        ("/o/secret", "/o/{token}"),
        ("/nowhere/secret", "none"),
    ],
)
async def test_a_request_is_named_by_its_route(
    api: httpx.AsyncClient, collector: Collector, path: str, route: str
) -> None:
    answer = await api.get(path)
    [seen] = collector.spans
    assert seen.name == f"GET {route}"
    assert seen.span.attributes == {
        "http.request.method": "GET",
        "http.route": route,
        "http.response.status_code": answer.status_code,
    }
    assert "secret" not in seen.span.to_json()


async def test_a_mistake_of_ours_is_a_failed_span_without_its_message(
    app: FastAPI, collector: Collector, api: httpx.AsyncClient
) -> None:
    def broken_clock() -> None:
        raise ZeroDivisionError("of +919845012345")

    parts: Parts = app.state.parts
    object.__setattr__(parts, "clock", broken_clock)
    with pytest.raises(ZeroDivisionError):
        await api.post("/v1/partners", json={"id": "new", "name": "A new shop", "tier": "growth"})
    [seen] = collector.spans
    assert not seen.span.status.is_ok
    assert (seen.span.attributes or {})["error.type"] == "ZeroDivisionError"
    assert "98450" not in seen.span.to_json()


async def test_fastapi_makes_none_of_its_own_though_somebody_sets_a_provider(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(memory))
    monkeypatch.setattr("opentelemetry.trace._TRACER_PROVIDER", provider)
    await api.get("/v1/sms/opt-outs?partner_id=shop&phone=%2B919845012345")
    await stranger.get("/dashboard/invitations/secret")
    assert memory.get_finished_spans() == ()
