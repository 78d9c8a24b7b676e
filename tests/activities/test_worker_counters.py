"""What an attempt leaves behind besides its row: counts for Prometheus, and one line in the log."""

import logging
import re
from collections.abc import AsyncIterator

import pytest
from prometheus_client import generate_latest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.attempt_log import FIELDS, AttemptLine
from activities.metrics import OTHER, OUTCOMES, RESULTS, Meters, result_of
from activities.sms import SmsActivities
from activities.webhook import WebhookActivities
from activities.webhook_sender import WebhookSender
from contracts.delivery.messages import PostWebhook, SendSms
from contracts.delivery.states import Channel, Trigger
from contracts.sms.answers import MEANINGS, SmsFate
from resolver import NameLookUps
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Refuse
from store.db.database import Database
from store.retries.attempt_reports import AttemptReport
from store.tables import EndpointRow
from tests.support.asker import limit_of
from tests.support.mistaken import MistakenSender
from tests.support.parts import LOOPBACK
from tests.support.shelf import DELAYS, RULES, Shelf, Text, Webhook, after
from tests.support.twilio import texter_on

REPORT = AttemptReport(
    event_id="evt_1",
    order_id="ORD-1",
    delivery_id="dlv_1",
    endpoint_id=None,
    partner_id="shop",
    channel=Channel.SMS,
    number=3,
    round=2,
    trigger=Trigger.MANUAL,
    code="twilio_20429",
    status=None,
    duration_ms=120,
    charged=True,
    next_in_s=30.0,
    result="retry",
)


@pytest.fixture
def meters() -> Meters:
    """Meters in a registry of their own."""
    return Meters()


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    """The product's sender; loopback is opened."""
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


async def post(activity: WebhookActivities, webhook: Webhook, url: str) -> None:
    """One attempt, two seconds after the event was accepted."""
    await webhook.shelf.change(EndpointRow, webhook.endpoint_id, url=url)
    task = PostWebhook(webhook.event.event_id, webhook.id, 1, DELAYS)
    await ActivityEnvironment().run(activity.post_webhook, task)


def seen(meters: Meters, name: str, **labels: str) -> float | None:
    return meters.registry.get_sample_value(name, labels)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines of attempts."""
    found = [one for one in caplog.records if one.name == "doorstep.attempts"]
    assert {one.levelno for one in found} <= {logging.INFO}
    return [one.getMessage() for one in found]


class TestHowAnAttemptEnded:
    @pytest.mark.parametrize(
        ("code", "result"),
        [
            ("http_200", "delivered"),
            ("http_204", "delivered"),
            ("http_302", "http_3xx"),
            ("http_404", "http_4xx"),
            ("http_410", "http_4xx"),
            ("http_503", "http_5xx"),
            ("http_999", OTHER),
            ("timeout", "timeout"),
            ("connection", "connection"),
            ("tls", "tls"),
            ("internal_error", "internal_error"),
            ("forbidden_address", "forbidden_address"),
            ("interrupted", "interrupted"),
            ("twilio_accepted", "delivered"),
            ("twilio_21211", "twilio"),
            ("twilio_unreadable", "twilio"),
            ("sms_not_configured", OTHER),
        ],
    )
    def test_by_its_code(self, code: str, result: str) -> None:
        assert result_of(code) == result

    def test_no_code_of_twilio_s_makes_a_series_of_its_own(self) -> None:
        assert {result_of(f"twilio_{code}") for code in MEANINGS} == {"twilio"}


class TestWebhooks:
    async def test_a_failure_and_then_a_delivery(
        self,
        database: Database,
        sender: WebhookSender,
        shelf: Shelf,
        meters: Meters,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.INFO, "doorstep.attempts")
        webhook = await shelf.webhook()
        activity = WebhookActivities(database, sender, lambda: after(2), limit_of(database), meters)
        async with Merchant(behaviour=Answer(503)) as merchant:
            with pytest.raises(ApplicationError):
                await post(activity, webhook, merchant.url)
        async with Merchant() as merchant:
            await post(activity, webhook, f"{merchant.url}?token=in-the-query")
        attempts = {"channel": "webhook"}
        assert seen(meters, "doorstep_attempts_total", result="http_5xx", **attempts) == 1
        assert seen(meters, "doorstep_attempts_total", result="delivered", **attempts) == 1
        assert seen(meters, "doorstep_attempt_outcomes_total", outcome="retry", **attempts) == 1
        assert seen(meters, "doorstep_attempt_outcomes_total", outcome="delivered", **attempts) == 1
        assert seen(meters, "doorstep_attempt_duration_seconds_count", **attempts) == 2
        assert seen(meters, "doorstep_propagation_seconds_count", **attempts) == 1
        assert seen(meters, "doorstep_propagation_seconds_sum", **attempts) == 2
        first, second = lines(caplog)
        assert re.fullmatch(
            rf"event={webhook.event.event_id} order={webhook.event.data.order.order_id} "
            rf"delivery={webhook.id} endpoint={webhook.endpoint_id} "
            r"partner=shop attempt=1 round=1 trigger=scheduled channel=webhook code=http_503 "
            r"status=503 duration_ms=\d+ charged=true next_in_s=3[0-3](\.\d+)? result=retry",
            first,
        )
        assert "attempt=2" in second
        assert "charged=false next_in_s=- result=delivered" in second
        assert "in-the-query" not in first + second

    async def test_one_that_a_mistake_of_ours_ended(
        self,
        database: Database,
        shelf: Shelf,
        meters: Meters,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.INFO, "doorstep.attempts")
        webhook = await shelf.webhook()
        activity = WebhookActivities(
            database, MistakenSender(), lambda: after(2), limit_of(database), meters
        )
        with pytest.raises(ApplicationError):
            await post(activity, webhook, "https://hooks.shop.example/in")
        labels = {"channel": "webhook", "result": "interrupted"}
        assert seen(meters, "doorstep_attempts_total", **labels) == 1
        assert seen(meters, "doorstep_attempt_duration_seconds_count", channel="webhook") == 0
        [line] = lines(caplog)
        assert "code=interrupted status=- duration_ms=- charged=false" in line
        assert line.endswith("result=interrupted")

    async def test_what_is_held_was_not_tried(
        self, database: Database, sender: WebhookSender, shelf: Shelf, meters: Meters
    ) -> None:
        webhook = await shelf.webhook()
        await shelf.change(EndpointRow, webhook.endpoint_id, state="paused")
        activity = WebhookActivities(database, sender, lambda: after(2), limit_of(database), meters)
        await post(activity, webhook, "https://hooks.shop.example/in")
        counted = [
            seen(meters, "doorstep_attempts_total", channel="webhook", result=one)
            for one in RESULTS
        ]
        assert sum(one or 0 for one in counted) == 0


class TestTexts:
    async def test_by_their_fate(
        self,
        database: Database,
        shelf: Shelf,
        meters: Meters,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.INFO, "doorstep.attempts")
        taken, refused = await shelf.texts(2)

        async def send(text: Text, twilio: TwilioSandbox) -> None:
            rules = RULES
            activity = SmsActivities(database, texter_on(twilio), lambda: after(5), rules, meters)
            task = SendSms(text.event.event_id, text.id, 1, DELAYS)
            await ActivityEnvironment().run(activity.send_sms, task)

        async with TwilioSandbox(callbacks=None) as twilio:
            await send(taken, twilio)
        async with TwilioSandbox(behaviour=Refuse(21211), callbacks=None) as twilio:
            await send(refused, twilio)
        assert seen(meters, "doorstep_texts_total", fate="taken") == 1
        assert seen(meters, "doorstep_texts_total", fate="bad_number") == 1
        assert seen(meters, "doorstep_texts_total", fate="unknown") == 0
        sms = {"channel": "sms"}
        assert seen(meters, "doorstep_attempts_total", result="delivered", **sms) == 1
        assert seen(meters, "doorstep_attempts_total", result="twilio", **sms) == 1
        assert seen(meters, "doorstep_attempt_outcomes_total", outcome="rejected", **sms) == 1
        assert seen(meters, "doorstep_propagation_seconds_sum", **sms) == 5
        first, second = lines(caplog)
        assert "endpoint=- partner=shop attempt=1" in first
        assert "channel=sms code=twilio_accepted status=-" in first
        assert second.endswith("charged=true next_in_s=- result=rejected")
        assert "98765" not in first + second


class TestTheLine:
    def test_it_has_every_field_in_their_order(self) -> None:
        assert str(AttemptLine(REPORT)) == (
            "event=evt_1 order=ORD-1 delivery=dlv_1 endpoint=- partner=shop attempt=3 round=2 "
            "trigger=manual channel=sms code=twilio_20429 status=- duration_ms=120 charged=true "
            "next_in_s=30 result=retry"
        )
        parts = str(AttemptLine(REPORT)).split()
        assert [part.partition("=")[0] for part in parts] == list(FIELDS)

    def test_its_ids_have_their_whole_names_as_fields(self) -> None:
        fields = AttemptLine(REPORT)
        assert [fields[name] for name in ("event_id", "delivery_id", "partner_id")] == [
            "evt_1",
            "dlv_1",
            "shop",
        ]
        assert (fields["attempt"], fields["charged"], fields["status"]) == (3, True, None)
        assert len(fields) == len(FIELDS) + 1, "all of them, and a message"


class TestTheSeries:
    def test_each_is_there_from_the_start(self, meters: Meters) -> None:
        for channel in Channel:
            for result in RESULTS:
                labels = {"channel": channel.value, "result": result}
                assert seen(meters, "doorstep_attempts_total", **labels) == 0
            for outcome in OUTCOMES:
                labels = {"channel": channel.value, "outcome": outcome}
                assert seen(meters, "doorstep_attempt_outcomes_total", **labels) == 0
        for fate in SmsFate:
            assert seen(meters, "doorstep_texts_total", fate=fate.value) == 0

    def test_the_mirror_of_dead_letters_shows_how_far_it_is_behind(self, meters: Meters) -> None:
        for name in ("waiting", "oldest_age_seconds"):
            assert seen(meters, f"doorstep_dead_letter_mirror_{name}") == 0
        meters.mirror.tell(3, 1.5)
        assert seen(meters, "doorstep_dead_letter_mirror_waiting") == 3
        assert seen(meters, "doorstep_dead_letter_mirror_oldest_age_seconds") == 1.5

    def test_attempts_make_no_new_ones(self, meters: Meters) -> None:
        before = len(generate_latest(meters.registry).splitlines())
        meters.attempted(REPORT)
        assert len(generate_latest(meters.registry).splitlines()) == before

    def test_propagation_is_counted_up_to_ninety_seconds_and_beyond(self, meters: Meters) -> None:
        for bound in ("90.0", "3600.0", "+Inf"):
            labels = {"channel": "webhook", "le": bound}
            assert seen(meters, "doorstep_propagation_seconds_bucket", **labels) == 0

    def test_two_workers_in_one_process_count_for_themselves(self, meters: Meters) -> None:
        meters.attempted(REPORT)
        labels = {"channel": "sms", "result": "twilio"}
        assert seen(meters, "doorstep_attempts_total", **labels) == 1
        assert seen(Meters(), "doorstep_attempts_total", **labels) == 0
