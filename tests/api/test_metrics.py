"""The API's metrics, on a port of their own: what was answered and taken, and what waits, read at
most once in ten seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import Session
from starlette.applications import Starlette

from api import gauges
from api.dependencies import Parts
from api.gauges import GaugeCollector, families
from api.metrics import NO_ROUTE, ApiMetrics
from api.metrics_app import create_metrics_app
from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.retention import JobResult, RetentionJob
from contracts.delivery.states import DeadLetterReason
from contracts.errors import StoreUnavailable
from contracts.notifications.checks import CHECKED_KINDS
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageState
from contracts.payload.events import EventType
from dispatch.gateway import Gateway
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.notifications.checks import begin_check, note_check
from store.reports.gauges import Gauges
from store.retention.jobs import note_success
from tests.support.encryption import KEYRING
from tests.support.factories import make_event
from tests.support.messages import MessageDraft, add_message
from tests.support.outcomes import add_day
from tests.support.parts import OPERATOR_KEY, make_parts
from tests.support.postgres import NOWHERE
from tests.support.shelf import NOW, Shelf, after, an_event
from tests.support.stack import Stack

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
Scrape = Callable[[], Awaitable[Samples]]


@pytest.fixture
def scrape(app: FastAPI) -> Scrape:
    """Gives every sample that is shown just now, as Prometheus reads it."""

    async def scrape() -> Samples:
        parts: Parts = app.state.parts
        return await samples_of(create_metrics_app(parts.metrics, parts.database, parts.clock))

    return scrape


async def samples_of(metrics_app: Starlette) -> Samples:
    async with client_of(metrics_app) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def client_of(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test:9463")


def of(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gauges are read at every look."""
    monkeypatch.setattr(gauges, "READ_AT_MOST_EVERY_S", 0.0)


class TestTheirPort:
    async def test_no_key_is_asked_for_and_no_host(self, app: FastAPI, scrape: Scrape) -> None:
        parts: Parts = app.state.parts
        rules = replace(parts.text_rules, public_url="https://doorstep.example")
        app.state.parts = replace(parts, text_rules=rules)
        assert ("doorstep_database_up", frozenset()) in await scrape()

    async def test_nothing_else_is_there(self, app: FastAPI) -> None:
        parts: Parts = app.state.parts
        metrics_app = create_metrics_app(parts.metrics, parts.database, parts.clock)
        async with client_of(metrics_app) as client:
            for path in ("/", "/healthz", "/v1/events", "/dashboard/", "/docs"):
                assert (await client.get(path)).status_code == 404, path
            assert (await client.post("/metrics")).status_code == 405

    async def test_the_public_port_has_no_metrics(
        self, stranger: httpx.AsyncClient, api: httpx.AsyncClient
    ) -> None:
        for client in (stranger, api):
            answer = await client.get("/metrics")
            assert answer.status_code == 404
            assert "doorstep_" not in answer.text


class TestRequests:
    async def test_by_the_route_s_template_and_status(self, lonely: Stack, scrape: Scrape) -> None:
        await lonely.api.get("/v1/events/evt-none")
        await lonely.api.get("/v1/events/evt-other")
        await lonely.api.get("/v1/partners/shop")
        samples = await scrape()
        event = {"method": "GET", "route": "/v1/events/{event_id}"}
        assert of(samples, "doorstep_api_requests_total", **event, status="404") == 2
        partner = {"method": "GET", "route": "/v1/partners/{partner_id}", "status": "200"}
        assert of(samples, "doorstep_api_requests_total", **partner) == 1
        assert of(samples, "doorstep_api_request_duration_seconds_count", **event) == 2
        routes = {dict(labels).get("route") for _, labels in await scrape()}
        assert "/metrics" not in routes

    async def test_what_reaches_no_route_has_none(
        self, stranger: httpx.AsyncClient, scrape: Scrape
    ) -> None:
        await stranger.get("/v1/partners")
        for number in range(3):
            await stranger.get(f"/nowhere/{number}")
        await stranger.request("FETCH", "/healthz")
        samples = await scrape()
        refused = {"method": "GET", "route": NO_ROUTE, "status": "401"}
        assert of(samples, "doorstep_api_requests_total", **refused) == 1
        unknown = {"method": "GET", "route": NO_ROUTE, "status": "404"}
        assert of(samples, "doorstep_api_requests_total", **unknown) == 3
        other = {"method": "other", "route": "/healthz", "status": "405"}
        assert of(samples, "doorstep_api_requests_total", **other) == 1

    async def test_a_mistake_of_ours_is_a_500(
        self, app: FastAPI, database: Database, gateway: Gateway
    ) -> None:
        def broken_clock() -> datetime:
            raise ZeroDivisionError

        app.state.parts = make_parts(database, gateway, broken_clock)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://d.test") as client:
            key = {"authorization": f"Bearer {OPERATOR_KEY}"}
            assert (await client.get("/v1/partners", headers=key)).status_code == 500
        shown = app.state.parts.metrics.registry.get_sample_value(
            "doorstep_api_requests_total", {"method": "GET", "route": NO_ROUTE, "status": "500"}
        )
        assert shown == 1


class TestEventsTaken:
    async def test_each_once(self, lonely: Stack, scrape: Scrape) -> None:
        event = make_event("delivered")
        await lonely.send(event)
        await lonely.send(event)
        batch = [make_event("delivered"), make_event("delivered", partner_id="nobody"), event]
        await lonely.api.post("/v1/events/batch", json={"events": batch})
        samples = await scrape()
        assert of(samples, "doorstep_events_accepted_total", event_type="delivered") == 2
        for kind in set(EventType) - {EventType.DELIVERED}:
            assert of(samples, "doorstep_events_accepted_total", event_type=kind) == 0


@pytest.mark.usefixtures("fresh")
class TestGauges:
    async def test_what_waits(self, lonely: Stack, shelf: Shelf, scrape: Scrape) -> None:
        await shelf.add_endpoint()
        [planned] = (await shelf.plan(an_event())).deliveries
        dead_letter = RecordDeadLetter(planned.delivery_id, DeadLetterReason.GONE)
        await shelf.database.write(record_dead_letter, dead_letter, NOW)
        await lonely.send(make_event())
        samples = await scrape()
        assert of(samples, "doorstep_database_up") == 1
        assert of(samples, "doorstep_events", state="accepted") == 1
        assert of(samples, "doorstep_events", state="failed") == 0
        assert of(samples, "doorstep_deliveries", state="dead_lettered") == 1
        assert of(samples, "doorstep_dead_letters", channel="webhook", reason="gone") == 1
        assert of(samples, "doorstep_dead_letters", channel="sms", reason="unknown") == 0
        waited = (utc_now() - NOW).total_seconds()
        assert of(samples, "doorstep_dead_letter_oldest_age_seconds") == pytest.approx(
            waited, abs=60
        )
        assert of(samples, "doorstep_outbox_events") == 1
        assert 0 <= of(samples, "doorstep_outbox_oldest_age_seconds") < 60
        assert of(samples, "doorstep_oldest_open_delivery_age_seconds") == 0
        assert of(samples, "doorstep_open_breakers", endpoint_state="enabled") == 0
        assert of(samples, "doorstep_held_deliveries", reason="endpoint_failing") == 0
        assert of(samples, "doorstep_sms_suspensions") == 0
        assert of(samples, "doorstep_recent_texts", state="unknown") == 0
        assert of(samples, "doorstep_notification_message_oldest_age_seconds") == 0

    async def test_messages_of_notifications(self, shelf: Shelf, scrape: Scrape) -> None:
        waits = MessageDraft(state=MessageState.WAITING, at=utc_now() - timedelta(minutes=20))
        await add_message(shelf.database, waits)
        await add_message(shelf.database, MessageDraft(state=MessageState.REFUSED, at=utc_now()))
        samples, messages = await scrape(), "doorstep_notification_messages"
        assert of(samples, messages, channel="email", state="waiting") == 1
        assert of(samples, messages, channel="email", state="refused") == 1
        assert of(samples, messages, channel="sms", state="failed") == 0
        age = of(samples, "doorstep_notification_message_oldest_age_seconds")
        assert age == pytest.approx(1200, abs=60)

    async def test_how_each_partner_s_webhooks_stand_since_yesterday(
        self, shelf: Shelf, scrape: Scrape
    ) -> None:
        today, day = utc_now().date(), timedelta(days=1)
        counts = {"events_accepted": 9, "webhooks": 8, "webhooks_within_90s": 5}
        counts |= {"webhooks_within_policy": 6, "webhooks_delivered": 7}
        await shelf.add_partner("quiet")
        for one in (today, today - day, today - 3 * day):
            await add_day(shelf.database, one, "shop", **counts)
        samples = await scrape()
        assert of(samples, "doorstep_partner_events", partner="shop") == 18
        webhooks = {
            counted: of(samples, "doorstep_partner_webhooks", partner="shop", counted=counted)
            for counted in ("all", "in_time", "within_policy", "delivered")
        }
        assert webhooks == {"all": 16, "in_time": 10, "within_policy": 12, "delivered": 14}
        assert ("doorstep_partner_events", frozenset({("partner", "quiet")})) not in samples

    async def test_how_each_job_of_the_retention_stands(self, shelf: Shelf, scrape: Scrape) -> None:
        job = RetentionJob.DROP_OLD_EVENTS
        await shelf.database.write(note_success, job, JobResult(7, 2, 3), NOW)
        samples = await scrape()
        name = "doorstep_retention_last_success_timestamp_seconds"
        assert of(samples, name, retention_job=job) == NOW.timestamp()
        assert of(samples, name, retention_job="erase_otps") == 0
        assert of(samples, "doorstep_retention_unreadable_rows", retention_job=job) == 2
        assert of(samples, "doorstep_retention_kept_rows", retention_job=job) == 3

    async def test_when_each_check_for_something_to_tell_last_went_through(
        self, shelf: Shelf, scrape: Scrape
    ) -> None:
        kind = NotificationKind.FAILED_DELIVERIES
        await shelf.database.write(begin_check, kind, NOW)
        await shelf.database.write(note_check, kind, after(5))
        await shelf.database.write(begin_check, NotificationKind.WEEKLY_OUTCOMES, NOW)
        samples = await scrape()
        name = "doorstep_notification_check_last_success_timestamp_seconds"
        assert of(samples, name, kind=kind) == after(5).timestamp()
        for never in CHECKED_KINDS:
            assert never == kind or of(samples, name, kind=never) == 0

    async def test_a_database_that_is_away_is_said_and_nothing_is_made_up(
        self, app: FastAPI, gateway: Gateway, scrape: Scrape
    ) -> None:
        gone = Database(NOWHERE, KEYRING)
        app.state.parts = make_parts(gone, gateway)
        samples = await scrape()
        gone.close()
        assert of(samples, "doorstep_database_up") == 0
        assert ("doorstep_outbox_events", frozenset()) not in samples
        names = {name for name, _ in samples}
        assert "doorstep_events_accepted_total" in names


class TestHowOftenTheyAreRead:
    @pytest.fixture
    def readings(self, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
        """The readings so far."""
        seen: list[datetime] = []

        def read(session: Session, now: datetime) -> Gauges:
            seen.append(now)
            if len(seen) == 1:
                raise StoreUnavailable("locked")
            return Gauges()

        monkeypatch.setattr(gauges, "read_gauges", read)
        return seen

    async def test_once_in_ten_seconds_whoever_asks(
        self, database: Database, readings: list[datetime]
    ) -> None:
        metrics = ApiMetrics()
        looks = [metrics.shown(database, utc_now) for _ in range(5)]
        shown = await asyncio.gather(*looks)
        assert len(readings) == 1
        assert {b"doorstep_database_up 0.0" in one for one in shown} == {True}
        metrics.gauges._read_at = asyncio.get_running_loop().time() - 10.5
        assert b"doorstep_database_up 1.0" in await metrics.shown(database, utc_now)
        assert len(readings) == 2


class TestTheNames:
    def test_follow_prometheus_s_conventions(self) -> None:
        for family in (*families(Gauges(), NOW), *ApiMetrics().registry.collect()):
            if family.name.startswith("doorstep_"):
                assert family.documentation.endswith("."), family.name
                words = family.name.split("_")
                seconds = any(one in words for one in ("age", "duration", "timestamp"))
                assert family.name.endswith("_seconds") is seconds, family.name

    def test_no_label_of_what_everybody_shares_names_a_partner_an_endpoint_or_an_order(
        self,
    ) -> None:
        allowed = {"state", "reason", "channel", "endpoint_state", "event_type", "retention_job"}
        allowed |= {"kind"}
        for family in (*families(Gauges(), NOW), *ApiMetrics().registry.collect()):
            for sample in family.samples:
                assert set(sample.labels) <= allowed, sample

    def test_nothing_is_shown_before_the_first_reading(self) -> None:
        assert list(GaugeCollector().collect()) == []
