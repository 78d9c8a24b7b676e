"""`send_sms`: the claim before, one call of Twilio, and what the workflow hears."""

import asyncio
import threading
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import sms as sms_activity
from activities.sms import SmsActivities
from activities.twilio_sender import CALLS_AT_ONCE, NoTwilio, OutgoingText, Texter
from contracts.delivery.messages import PlannedDelivery, SendResult, SendSms
from contracts.delivery.names import FailureType
from contracts.delivery.states import Channel, DeadLetterReason, DeliveryState, SmsState
from contracts.sms.answers import SmsAnswer, SmsFate
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Refuse, Step
from store.db.database import Database
from store.encryption.columns import SMS_BODY, SMS_PHONE
from store.encryption.sealing import opened_text
from store.sms.claims import claim_sms
from tests.support.encryption import KEYRING
from tests.support.shelf import DELAYS, NOW, RULES, Shelf, Text, after
from tests.support.twilio import texter_on
from tests.support.waiting import eventually

DELIVERING, DELIVERED = DeliveryState.DELIVERING, DeliveryState.DELIVERED


class SlowTexter:
    """Answers when it is told to, and says how often it was asked."""

    def __init__(self, answer: SmsAnswer) -> None:
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self.calls = 0
        self._answer = answer

    async def count(self) -> int:
        """How often it was asked."""
        return self.calls

    async def send(self, text: OutgoingText) -> SmsAnswer:
        """Wait, then answer."""
        self.calls += 1
        self.asked.set()
        await self.go_on.wait()
        return self._answer


async def run(
    text: Text, texter: Texter, environment: ActivityEnvironment | None = None
) -> SendResult:
    """One attempt."""
    activity = SmsActivities(text.shelf.database, texter, lambda: NOW, RULES)
    task = SendSms(text.event.event_id, text.id, 1, DELAYS)
    return await (environment or ActivityEnvironment()).run(activity.send_sms, task)


@pytest.fixture
async def text(shelf: Shelf) -> Text:
    """A planned text."""
    return await shelf.text()


class TestOneAttempt:
    async def test_taken(self, text: Text) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            result = await run(text, texter_on(twilio))
        assert result == SendResult(DELIVERED, code="twilio_accepted")
        [message], [kept] = twilio.messages, await text.messages()
        assert (message.to, message.body) == (
            opened_text(KEYRING, SMS_PHONE, kept.to_phone, kept.id),
            opened_text(KEYRING, SMS_BODY, kept.body, kept.id),
        )
        assert (kept.twilio_sid, kept.parts, kept.state) == (message.sid, 1, SmsState.ACCEPTED)

    @pytest.mark.parametrize(
        ("step", "reason", "code"),
        [
            (Refuse(21211), DeadLetterReason.REJECTED, "twilio_21211"),
            (Refuse(30007), DeadLetterReason.REJECTED, "twilio_30007"),
            (Refuse(20500), DeadLetterReason.UNKNOWN, "twilio_20500"),
            (Refuse(20503, taken=True), DeadLetterReason.UNKNOWN, "twilio_20503"),
        ],
    )
    async def test_for_good_or_nobody_knows(
        self, text: Text, step: Step, reason: DeadLetterReason, code: str
    ) -> None:
        async with TwilioSandbox(behaviour=step, callbacks=None) as twilio:
            assert await run(text, texter_on(twilio)) == SendResult(DELIVERING, reason, code)
            again = await run(text, texter_on(twilio))  # nobody was told: the worker died
        assert again.dead_letter is reason
        assert len(twilio.attempts) == 1

    async def test_refused_for_now_raises_with_the_schedule_s_delay(self, text: Text) -> None:
        async with TwilioSandbox(behaviour=Refuse(20429), callbacks=None) as twilio:
            for delay in DELAYS:
                with pytest.raises(ApplicationError) as caught:
                    await run(text, texter_on(twilio))
                assert caught.value.type == FailureType.SMS_NOT_TAKEN
                assert caught.value.next_retry_delay is not None
                assert caught.value.next_retry_delay.total_seconds() == delay
            result = await run(text, texter_on(twilio))
        assert result == SendResult(DeliveryState.HELD)

    async def test_an_opted_out_customer_is_skipped(self, text: Text) -> None:
        async with TwilioSandbox(behaviour=Refuse(21610), callbacks=None) as twilio:
            assert await run(text, texter_on(twilio)) == SendResult(DeliveryState.SKIPPED)

    @pytest.mark.parametrize("code", [20003, 21408, 21603, 21606, 21608, 21612, 30002, 30024])
    async def test_a_wrong_configuration_holds_it_and_tells_ops(
        self, text: Text, code: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with TwilioSandbox(behaviour=Refuse(code), callbacks=None) as twilio:
            assert await run(text, texter_on(twilio)) == SendResult(DeliveryState.HELD)
        [record] = [one for one in caplog.records if one.levelname == "ERROR"]
        assert "texts are stopped for" in record.getMessage()
        assert f"twilio_{code}" in record.getMessage()
        assert "98765" not in record.getMessage()

    async def test_without_an_account_it_is_held(self, text: Text) -> None:
        assert await run(text, NoTwilio()) == SendResult(DeliveryState.HELD)

    async def test_what_is_asked_of_twilio(self, text: Text) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            await run(text, texter_on(twilio))
        [message] = twilio.messages
        assert message.from_ == "DRSTEP"
        assert message.form["ValidityPeriod"] == str(6 * 3600)


@pytest.mark.extended
class TestAtMostOnce:
    async def test_called_off_on_the_wire_its_success_counts(self, text: Text) -> None:
        texter = SlowTexter(SmsAnswer(SmsFate.TAKEN, "twilio_accepted", "SM1", 1))
        environment = ActivityEnvironment()
        trying = asyncio.create_task(run(text, texter, environment))
        await texter.asked.wait()
        environment.cancel()
        texter.go_on.set()
        assert await trying == SendResult(DELIVERED, code="twilio_accepted")

    async def test_a_worker_that_has_to_go_waits_for_it(self, text: Text) -> None:
        """Cut off, nobody could tell whether it was sent."""
        texter = SlowTexter(SmsAnswer(SmsFate.TAKEN, "twilio_accepted", "SM1", 1))
        environment = ActivityEnvironment()
        trying = asyncio.create_task(run(text, texter, environment))
        await texter.asked.wait()
        environment.worker_shutdown()
        environment.cancel()
        texter.go_on.set()
        assert await trying == SendResult(DELIVERED, code="twilio_accepted")

    async def test_called_off_while_it_is_claimed_it_is_sent_all_the_same(
        self, text: Text, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A claim without its call would look like a text that may have been sent."""
        claiming, go_on = threading.Event(), threading.Event()

        def slowly(*given: Any) -> Any:
            claiming.set()
            go_on.wait(10)
            return claim_sms(*given)

        monkeypatch.setattr(sms_activity, "claim_sms", slowly)
        texter = SlowTexter(SmsAnswer(SmsFate.TAKEN, "twilio_accepted", "SM1", 1))
        texter.go_on.set()
        environment = ActivityEnvironment()
        trying = asyncio.create_task(run(text, texter, environment))
        await asyncio.to_thread(claiming.wait, 10)
        environment.cancel()
        go_on.set()
        assert await trying == SendResult(DELIVERED, code="twilio_accepted")
        assert texter.calls == 1

    async def test_a_claim_that_a_killed_worker_left_is_not_sent_again(self, text: Text) -> None:
        await text.ready()
        texter = SlowTexter(SmsAnswer(SmsFate.TAKEN, "twilio_accepted", "SM1", 1))
        result = await run(text, texter)
        assert result == SendResult(DELIVERING, DeadLetterReason.UNKNOWN, "interrupted")
        assert texter.calls == 0

    async def test_nothing_is_claimed_that_cannot_be_sent_yet(self, shelf: Shelf) -> None:
        """A claim that waits for a thread would look like a text that may have been sent."""
        texter = SlowTexter(SmsAnswer(SmsFate.TAKEN, "twilio_accepted", "SM1", 1))
        texts = await shelf.texts(CALLS_AT_ONCE + 1)
        activity = SmsActivities(shelf.database, texter, lambda: NOW, RULES)
        async with asyncio.TaskGroup() as under_way:
            for text in texts:
                task = SendSms(text.event.event_id, text.id, 1, DELAYS)
                under_way.create_task(ActivityEnvironment().run(activity.send_sms, task))
            await eventually(texter.count, lambda calls: calls == CALLS_AT_ONCE)
            assert sum([len(await text.messages()) for text in texts]) == CALLS_AT_ONCE
            texter.go_on.set()
        assert texter.calls == len(texts)

    async def test_a_bug_in_the_texter_leaves_it_unknown(self, text: Text) -> None:
        class Buggy:
            async def send(self, text: OutgoingText) -> SmsAnswer:
                raise ZeroDivisionError(text.to)

        with pytest.raises(ApplicationError) as caught:
            await run(text, Buggy())
        assert caught.value.type == FailureType.OUR_FAULT
        assert "98765" not in str(caught.value)
        assert (await run(text, NoTwilio())).dead_letter is DeadLetterReason.UNKNOWN


class TestTheFallback:
    async def test_it_plans_a_text_where_it_is_on(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(sms_fallback=True)
        await shelf.add_endpoint()
        event = await shelf.accept()
        await shelf.plan(event)
        activity = SmsActivities(database, NoTwilio(), lambda: after(900), RULES)
        planned = await ActivityEnvironment().run(activity.plan_fallback, event.event_id)
        assert isinstance(planned, PlannedDelivery)
        assert planned.channel is Channel.SMS
        assert await ActivityEnvironment().run(activity.plan_fallback, event.event_id) is None
