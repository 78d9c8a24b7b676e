"""Attempts told of: settled as ever, with every field that the log and the metrics show."""

from datetime import datetime

import pytest

from contracts.delivery.states import AttemptState, Channel, DeliveryState, Trigger
from contracts.delivery.verdicts import Answer
from contracts.sms.answers import SmsAnswer, SmsFate
from store.deliveries.attempt_endings import EndedAttempt
from store.deliveries.attempt_results import Settled
from store.retries.attempt_reports import (
    INTERRUPTED,
    RETRY,
    AttemptReport,
    finish_webhook,
    interrupt_webhook,
    settle_text,
)
from tests.support.shelf import ACCEPTED, BUSY, SCHEDULE, Shelf, Text, Webhook, after

ANSWERED, TEXTED = after(2), after(3)


async def finish(
    webhook: Webhook,
    status: int | None,
    *,
    in_round: int = 1,
    now: datetime = ANSWERED,
    resend: bool = False,
) -> tuple[Settled, AttemptReport]:
    ready = await webhook.ready(in_round=in_round, now=now, resend=resend)
    answer = Answer(f"http_{status}" if status else "timeout", status, duration_ms=84)
    ended = EndedAttempt(ready.attempt_id, answer, SCHEDULE)
    return await webhook.shelf.database.write(finish_webhook, ended, now)


async def settle(
    text: Text, answer: SmsAnswer, *, in_round: int = 1, now: datetime = TEXTED
) -> AttemptReport:
    ready = await text.ready(in_round=in_round, now=now)
    _, report = await text.shelf.database.write(
        settle_text, ready.sms_id, answer, SCHEDULE, 120, now
    )
    return report


class TestWebhooks:
    async def test_a_failure_with_every_field(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        settled, report = await finish(webhook, 503)
        assert settled.result is None
        assert 30 <= settled.delay_s <= 33
        assert report == AttemptReport(
            event_id=webhook.event.event_id,
            order_id=webhook.event.data.order.order_id,
            delivery_id=webhook.id,
            endpoint_id=webhook.endpoint_id,
            partner_id="shop",
            channel=Channel.WEBHOOK,
            number=1,
            round=1,
            trigger=Trigger.SCHEDULED,
            code="http_503",
            status=503,
            duration_ms=84,
            charged=True,
            next_in_s=settled.delay_s,
            result=RETRY,
        )

    async def test_a_delivery_says_how_long_the_event_was_on_its_way(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await finish(webhook, None)
        _, report = await finish(webhook, 200, now=after(32))
        assert (report.number, report.result) == (2, "delivered")
        assert (report.charged, report.next_in_s) == (False, None)
        assert report.propagation_s == 32

    async def test_one_that_is_sent_once_more_arrived_long_ago(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await finish(webhook, 200)
        _, report = await finish(webhook, 200, in_round=2, now=after(3600), resend=True)
        assert (report.round, report.trigger) == (2, Trigger.MANUAL)
        assert (report.result, report.propagation_s) == ("delivered", None)

    async def test_the_last_one_says_why_it_is_a_dead_letter(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        for _ in range(3):
            await finish(webhook, 500)
        _, report = await finish(webhook, 500)
        assert (report.number, report.result, report.next_in_s) == (4, "exhausted", None)
        other = Webhook(shelf, webhook.event, webhook.id, webhook.endpoint_id)
        _, gone = await finish(other, 410, in_round=2)
        assert (gone.result, gone.status, gone.charged) == ("gone", 410, True)

    async def test_one_that_was_given_up_meanwhile_is_not_charged(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        await webhook.interrupt(ready)
        ended = EndedAttempt(ready.attempt_id, Answer("http_500", 500), SCHEDULE)
        _, report = await shelf.database.write(finish_webhook, ended, after(9))
        assert (report.charged, report.code, report.result) == (False, "http_500", RETRY)
        [attempt] = await webhook.attempts()
        assert attempt.state is AttemptState.INTERRUPTED

    async def test_one_that_we_ended_ourselves(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        report = await shelf.database.write(interrupt_webhook, ready.attempt_id, after(4))
        assert (report.code, report.result) == (INTERRUPTED, INTERRUPTED)
        assert (report.status, report.duration_ms, report.charged) == (None, None, False)
        [attempt] = await webhook.attempts()
        assert attempt.state is AttemptState.INTERRUPTED


class TestTexts:
    async def test_taken(self, shelf: Shelf) -> None:
        text = await shelf.text()
        report = await settle(text, ACCEPTED)
        assert report == AttemptReport(
            event_id=text.event.event_id,
            order_id=text.event.data.order.order_id,
            delivery_id=text.id,
            endpoint_id=None,
            partner_id="shop",
            channel=Channel.SMS,
            number=1,
            round=1,
            trigger=Trigger.SCHEDULED,
            code="twilio_accepted",
            status=None,
            duration_ms=120,
            charged=False,
            next_in_s=None,
            result="delivered",
            propagation_s=3,
        )
        assert (await text.row()).state is DeliveryState.DELIVERED

    @pytest.mark.parametrize(
        ("answer", "result", "charged", "next_in_s"),
        [
            (BUSY, RETRY, True, 30),
            (SmsAnswer(SmsFate.BAD_NUMBER, "twilio_21211"), "rejected", True, None),
            (SmsAnswer(SmsFate.OPTED_OUT, "twilio_21610"), "skipped", False, None),
            (SmsAnswer(SmsFate.MISCONFIGURED, "twilio_20003"), "held", False, None),
            (SmsAnswer(SmsFate.UNKNOWN, "timeout"), "unknown", False, None),
        ],
    )
    async def test_not_taken(
        self,
        shelf: Shelf,
        answer: SmsAnswer,
        result: str,
        charged: bool,
        next_in_s: float | None,
    ) -> None:
        report = await settle(await shelf.text(), answer)
        assert (report.result, report.charged, report.next_in_s) == (result, charged, next_in_s)
        assert (report.code, report.propagation_s) == (answer.code, None)

    async def test_by_hand(self, shelf: Shelf) -> None:
        text = await shelf.text()
        await settle(text, BUSY)
        report = await settle(text, ACCEPTED, in_round=2)
        assert (report.number, report.round, report.trigger) == (2, 2, Trigger.MANUAL)
