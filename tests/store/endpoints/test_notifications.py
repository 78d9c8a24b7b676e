"""What people are told of an endpoint: once for each change, with the event and its answer."""

import asyncio
from datetime import timedelta

import pytest

from contracts.endpoints.circuit_breaker import DISABLED_AFTER, PROBE_WAITS
from contracts.endpoints.endpoints import EndpointChange
from contracts.notifications.kinds import NotificationKind
from store.deliveries.plain_successes import lock_plain_ones
from store.endpoints.changes import change_endpoint
from store.endpoints.circuit_breaker import GIVEN_UP, GONE_FOR_GOOD
from store.tables import EndpointRow
from tests.support.failing import OPENED_AT, answer, delivery_to, failed_until, open_breaker
from tests.support.shelf import NOW, Shelf, after
from tests.support.told import kinds_told, told

FAILING, RECOVERED = NotificationKind.ENDPOINT_FAILING, NotificationKind.ENDPOINT_RECOVERED
DISABLED = NotificationKind.ENDPOINT_DISABLED
PROBED_AT = OPENED_AT + PROBE_WAITS[0]
LATER = OPENED_AT + timedelta(hours=1)


@pytest.fixture
async def endpoint_id(shelf: Shelf) -> str:
    """The endpoint of the partner `shop`."""
    await shelf.add_partner()
    return (await shelf.add_endpoint(url="https://hooks.shop.example/in?token=hook-secret")).id


async def change(shelf: Shelf, endpoint_id: str, **fields: str) -> None:
    """Somebody changes the endpoint by hand."""
    asked = EndpointChange.model_validate(fields)
    await shelf.database.write(change_endpoint, endpoint_id, asked, OPENED_AT, actor="key_1")


class TestFailing:
    async def test_its_breaker_opens_and_the_last_event_and_its_answer_are_named(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        webhook = await open_breaker(shelf, endpoint_id)
        [row] = await told(shelf)
        assert (row.kind, row.partner_id, row.endpoint_id) == (FAILING, "shop", endpoint_id)
        assert row.created_at == OPENED_AT
        assert row.about == {
            "host": "hooks.shop.example",
            "event_id": webhook.event.event_id,
            "order_id": webhook.event.data.order.order_id,
            "event_type": "order_confirmed",
            "code": "http_503",
            "status": 503,
            "reason": None,
            "since": NOW.isoformat(),
            "disabled_at": None,
        }

    async def test_it_goes_on_failing_and_nothing_more_is_told(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        for hour in range(1, 3):
            await answer(shelf, endpoint_id, 500, OPENED_AT + timedelta(hours=hour))
        assert await kinds_told(shelf) == [FAILING]

    async def test_opened_anew_after_a_day_in_which_nobody_asked_it_is_the_same_failing(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        await answer(shelf, endpoint_id, 503, OPENED_AT + timedelta(days=2))
        assert await kinds_told(shelf) == [FAILING]

    async def test_attempts_that_fail_at_once_tell_it_once(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        webhooks = [await delivery_to(shelf, endpoint_id) for _ in range(12)]
        ready = [await one.ready() for one in webhooks]
        late = after(60)
        await webhooks[0].finish(ready[0], 503)
        pairs = list(zip(webhooks, ready, strict=True))[1:]
        await asyncio.gather(*(one.finish(it, 503, now=late) for one, it in pairs))
        assert await kinds_told(shelf) == [FAILING]

    async def test_a_few_failures_are_nothing_to_tell(self, shelf: Shelf, endpoint_id: str) -> None:
        for number in range(3):
            await answer(shelf, endpoint_id, 503, after(number * 20))
        await answer(shelf, endpoint_id, 200, after(100))
        assert await kinds_told(shelf) == []

    async def test_test_events_that_fail_tell_nobody(self, shelf: Shelf, endpoint_id: str) -> None:
        await shelf.change(EndpointRow, endpoint_id, failures_in_row=9, failing_since=NOW)
        await answer(shelf, endpoint_id, 503, after(100), is_test=True)
        await answer(shelf, endpoint_id, 410, after(200), is_test=True)
        assert await kinds_told(shelf) == []

    async def test_one_that_somebody_has_switched_off_is_nothing_to_tell(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        webhook = await delivery_to(shelf, endpoint_id)
        ready = await webhook.ready()
        await change(shelf, endpoint_id, state="disabled")
        await shelf.change(EndpointRow, endpoint_id, failures_in_row=9, failing_since=NOW)
        await webhook.finish(ready, 503, now=OPENED_AT)
        assert (await shelf.one(EndpointRow, endpoint_id)).opened_at is not None
        assert await kinds_told(shelf) == []


class TestRecovered:
    async def test_the_probe_arrives_and_one_all_clear_says_since_when_it_failed(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        probe = await answer(shelf, endpoint_id, 200, PROBED_AT)
        await answer(shelf, endpoint_id, 200, PROBED_AT)
        _, row = await told(shelf)
        assert (row.kind, row.created_at) == (RECOVERED, PROBED_AT)
        assert row.about["event_id"] == probe.event.event_id
        assert (row.about["code"], row.about["status"]) == ("http_200", 200)
        assert row.about["since"] == NOW.isoformat()

    async def test_failing_again_is_told_again(self, shelf: Shelf, endpoint_id: str) -> None:
        await open_breaker(shelf, endpoint_id)
        await answer(shelf, endpoint_id, 200, PROBED_AT)
        await open_breaker(shelf, endpoint_id, LATER)
        await answer(shelf, endpoint_id, 200, LATER + timedelta(hours=1))
        assert await kinds_told(shelf) == [FAILING, RECOVERED] * 2

    async def test_answers_that_come_together_tell_it_once(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        webhooks = [await delivery_to(shelf, endpoint_id) for _ in range(8)]
        ready = [await one.ready() for one in webhooks]
        await open_breaker(shelf, endpoint_id)
        pairs = zip(webhooks, ready, strict=True)
        await asyncio.gather(*(one.finish(it, 200, now=LATER) for one, it in pairs))
        assert await kinds_told(shelf) == [FAILING, RECOVERED]

    async def test_a_test_event_that_arrives_tells_nothing_the_next_real_one_does(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        await answer(shelf, endpoint_id, 200, PROBED_AT, is_test=True)
        assert (await shelf.one(EndpointRow, endpoint_id)).opened_at is None
        assert await kinds_told(shelf) == [FAILING]
        await answer(shelf, endpoint_id, 200, LATER)
        assert await kinds_told(shelf) == [FAILING, RECOVERED]

    @pytest.mark.parametrize("mended", [{"state": "enabled"}, {"url": "https://new.example/in"}])
    async def test_somebody_s_word_is_no_all_clear_an_event_that_arrives_is(
        self, shelf: Shelf, endpoint_id: str, mended: dict[str, str]
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        await change(shelf, endpoint_id, **mended)
        assert await told(shelf, RECOVERED) == []
        await answer(shelf, endpoint_id, 200, LATER)
        assert len(await told(shelf, RECOVERED)) == 1

    async def test_failing_again_after_somebody_s_word_is_told_again(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        await change(shelf, endpoint_id, state="enabled")
        await open_breaker(shelf, endpoint_id, LATER)
        await answer(shelf, endpoint_id, 200, LATER + timedelta(hours=1))
        rows = await told(shelf)
        assert [row.kind for row in rows] == [FAILING, FAILING, RECOVERED]
        assert rows[2].about["since"] == NOW.isoformat()

    async def test_of_one_that_is_told_to_be_down_no_success_is_closed_without_telling(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        await change(shelf, endpoint_id, state="enabled")
        webhook = await delivery_to(shelf, endpoint_id)
        ready = await webhook.ready(now=LATER)
        assert not ready.is_quiet
        assert await shelf.database.write(lock_plain_ones, [ready.attempt_id]) == {}
        await webhook.finish(ready, 200, now=LATER)
        quiet = await (await delivery_to(shelf, endpoint_id)).ready(now=LATER)
        assert quiet.is_quiet
        assert set(await shelf.database.write(lock_plain_ones, [quiet.attempt_id])) == {
            quiet.attempt_id
        }

    async def test_one_that_was_never_told_of_tells_nothing(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await answer(shelf, endpoint_id, 503)
        await answer(shelf, endpoint_id, 200)
        assert await kinds_told(shelf) == []


class TestDisabled:
    async def test_a_410_names_the_event_and_the_reason(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        webhook = await answer(shelf, endpoint_id, 410)
        [row] = await told(shelf)
        assert (row.kind, row.endpoint_id) == (DISABLED, endpoint_id)
        assert row.about["event_id"] == webhook.event.event_id
        assert (row.about["code"], row.about["reason"]) == ("http_410", GONE_FOR_GOOD)

    async def test_a_410_that_would_have_opened_its_breaker_too_is_told_once(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        before = {"failures_in_row": 9, "failing_since": NOW}
        await shelf.change(EndpointRow, endpoint_id, **before)
        await answer(shelf, endpoint_id, 410, after(100))
        assert await kinds_told(shelf) == [DISABLED]

    async def test_five_days_name_the_last_answer_and_since_when(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        await open_breaker(shelf, endpoint_id)
        off_at = OPENED_AT + DISABLED_AFTER
        await failed_until(shelf, endpoint_id, off_at - timedelta(minutes=10))
        await answer(shelf, endpoint_id, 500, off_at)
        _, row = await told(shelf)
        assert (row.kind, row.about["code"]) == (DISABLED, "http_500")
        assert (row.about["reason"], row.about["since"]) == (GIVEN_UP, NOW.isoformat())

    async def test_switched_on_again_the_first_event_that_arrives_is_the_all_clear(
        self, shelf: Shelf, endpoint_id: str
    ) -> None:
        late = await delivery_to(shelf, endpoint_id)
        on_the_wire = await late.ready()
        await answer(shelf, endpoint_id, 410)
        await late.finish(on_the_wire, 200)
        assert await kinds_told(shelf) == [DISABLED]
        await change(shelf, endpoint_id, state="enabled")
        await answer(shelf, endpoint_id, 200, LATER)
        assert await kinds_told(shelf) == [DISABLED, RECOVERED]
