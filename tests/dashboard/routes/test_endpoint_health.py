"""The tab Health of an endpoint: how it does, what is on hold, test events, missed events."""

from datetime import timedelta

import pytest

from contracts.clock import utc_now
from contracts.delivery.messages import PostWebhook
from contracts.delivery.states import EndpointState
from contracts.delivery.verdicts import Answer
from store.deliveries import attempt_endings, attempts, planning
from store.tables import EndpointRow
from tests.dashboard.routes.endpoint_fixtures import LIST, URL, answered, hold_two
from tests.support.shelf import DELAYS, NOW, REQUEST, SCHEDULE, Shelf
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor


class TestHealth:
    async def test_it_shows_the_state_rates_charts_and_types(
        self, member: Visitor, shelf: Shelf, place: str
    ) -> None:
        await answered(shelf, 200, 503)
        page = await member.get(place)
        assert page.status == 200
        assert "1 of the last 2 attempts failed, most recently: answered 503" in page.text
        assert ("up to 200 ms" in page.text, "50 %" in page.text) == (True, True)
        assert all(name in page.text for name in ("p50", "p95", "p99"))
        assert f"{place}/attempts?type=order_confirmed" in page.html
        assert page.html.count("<polyline") == 2
        assert "style=" not in page.html

    async def test_the_charts_have_a_range(self, member: Visitor, shelf: Shelf, place: str) -> None:
        await answered(shelf, 200)
        day, week = await member.get(place), await member.get(f"{place}?range=7d")
        assert (day.html.count("<tr>") > 24, week.html.count("<tr>") > 28) == (True, True)
        assert f"{place}?range=7d" in day.html

    async def test_it_counts_down_to_the_next_check_of_a_failing_one(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        await hold_two(shelf, endpoint)
        now = utc_now()
        await shelf.change(EndpointRow, endpoint.id, opened_at=now, probe_at=now)
        page = await member.get(place)
        assert "2 on hold, none lost" in page.text
        assert ("We check again in" in page.text, "data-countdown" in page.html) == (True, True)
        assert "Check now with a test event" in page.text

    async def test_what_is_on_hold_has_the_one_thing_that_helps(
        self, owner: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        await hold_two(shelf, endpoint)
        for changed, said, action in (
            ({"state": EndpointState.PAUSED}, "2 because the endpoint was paused", "/switch-on"),
            ({"state": EndpointState.ENABLED}, "2 because the endpoint was paused", "/recover"),
        ):
            await shelf.change(EndpointRow, endpoint.id, **changed)
            live = await owner.get(f"{place}/live")
            assert said in live.text
            assert f"{place}{action}" in live.html

    async def test_a_part_of_it_is_kept_up_to_date(self, member: Visitor, place: str) -> None:
        page = await member.get(place)
        assert f'data-from="/dashboard{place}/live" data-every-s="10"' in page.html
        live = await member.get(f"{place}/live")
        assert ('id="health"' in live.html, "<html" in live.html) == (True, False)


class TestATestEvent:
    async def test_a_member_sends_one_and_the_page_looks_again(
        self, member: Visitor, place: str
    ) -> None:
        page = await member.post(f"{place}/test", {"type": "out_for_delivery"})
        assert page.status == 200
        assert "Test event: Out for delivery" in page.text
        assert 'data-every-s="1"' in page.html

    async def test_its_answer_is_shown_and_the_page_rests(
        self, member: Visitor, stack: Stack, place: str
    ) -> None:
        page = await member.post(f"{place}/test", {"type": "delivered"})
        event_id = page.url.rpartition("test=")[2]
        async with stack.worker():
            await stack.after_attempts(event_id, 1)
        shown = await member.get(f"{place}?test={event_id}")
        live = await member.get(f"{place}/live?test={event_id}")
        assert "no connection could be made" in live.text
        assert len(live.html) < len(shown.html) / 2
        assert "no connection could be made" in shown.text

    async def test_of_another_endpoint_is_not_there(
        self, member: Visitor, shelf: Shelf, place: str
    ) -> None:
        other = await shelf.add_endpoint(url=f"{URL}/other")
        page = await member.post(f"{LIST}/{other.id}/test", {"type": "delivered"})
        event_id = page.url.rpartition("test=")[2]
        assert (await member.get(f"{place}?test={event_id}")).status == 404

    async def test_none_is_sent_while_it_is_off(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        await shelf.change(EndpointRow, endpoint.id, state=EndpointState.PAUSED)
        page = await member.post(f"{place}/test", {"type": "delivered"})
        assert (page.status, "Resume them first" in page.text) == (409, True)

    async def test_one_answered_410_warns_and_leaves_the_endpoint_on(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        page = await member.post(f"{place}/test", {"type": "delivered"})
        event_id = page.url.rpartition("test=")[2]
        await answer_test(shelf, event_id, 410)
        shown = await member.get(f"{place}?test={event_id}")
        assert "a test event does not" in shown.text
        assert (await shelf.one(EndpointRow, endpoint.id)).state is EndpointState.ENABLED

    async def test_it_frees_what_a_failing_endpoint_holds(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        """Whenever the next check is due, and without counting in the figures."""
        await answered(shelf, *[503] * 6)
        now = utc_now()
        later = now + timedelta(minutes=9)
        await shelf.change(
            EndpointRow, endpoint.id, opened_at=now, probe_at=later, failing_since=now
        )
        page = await member.post(f"{place}/test", {"type": "delivered"})
        event_id = page.url.rpartition("test=")[2]
        await answer_test(shelf, event_id, 200)
        row = await shelf.one(EndpointRow, endpoint.id)
        assert (row.opened_at, row.recover_since is not None) == (None, True)
        page = await member.get(place)
        assert ("No data yet" in page.text, "of 6 attempts" in page.text) == (True, True)

    async def test_tests_that_fail_hold_nothing_back(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        await answered(shelf, 200)
        await answered(shelf, *[500] * 8, is_test=True)
        row = await shelf.one(EndpointRow, endpoint.id)
        assert (row.failures_in_row, row.opened_at) == (0, None)
        page = await member.get(place)
        assert ("healthy" in page.text, "of one attempt" in page.text) == (True, True)


class TestATestOrder:
    async def test_a_member_sends_one_and_sees_its_events(
        self, member: Visitor, place: str
    ) -> None:
        assert "Cash on delivery, paid" in (await member.get(place)).text
        page = await member.post(f"{place}/test-order", {"scenario": "cash_on_delivery"})
        assert (page.status, "order_id=TEST-" in page.url) == (200, True)
        for shown in ("Order confirmed", "Out for delivery", "Delivered"):
            assert shown in page.text

    async def test_there_is_no_other_kind_than_those_offered(
        self, member: Visitor, place: str
    ) -> None:
        page = await member.post(f"{place}/test-order", {"scenario": "lost_at_sea"})
        assert (page.status, "There is no such test order" in page.text) == (422, True)


class TestARecovery:
    async def test_is_counted_before_it_begins(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        assert "Nothing to resend" in (await member.get(f"{place}/recover")).text
        await hold_two(shelf, endpoint)
        page = await member.get(f"{place}/recover?states=held&days=")
        assert "2 events to resend" in page.text
        assert "Resend 2" in page.text
        assert "Nothing to resend" in (await recover(member, place, "states=delivered")).text

    async def test_is_begun_watched_and_cancelled(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        await hold_two(shelf, endpoint)
        page = await member.post(f"{place}/recover", {"states": ["held", "dead_lettered"]})
        assert "0 of 2 resent" in page.text
        assert 'data-every-s="2"' in page.html
        again = await member.post(f"{place}/recover", {"states": ["held"]})
        assert again.url.partition("?")[0] == page.url
        assert "Missed events are being resent already." in again.text
        assert (await member.get(f"{place}/recover")).url.partition("?")[0] == page.url
        cancelled = await member.post(
            page.url.removeprefix("http://doorstep.test/dashboard") + "/cancel"
        )
        assert "Resending was cancelled" in cancelled.text
        assert "data-every-s" not in cancelled.html
        assert "cancelled" in (await member.get(place)).text

    async def test_says_what_cannot_be_asked(self, member: Visitor, place: str) -> None:
        for query in ("states=pending", "since=tomorrow"):
            page = await recover(member, place, query)
            assert (page.status, 'role="alert"' in page.html) == (422, True), query

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"state": EndpointState.PAUSED}, "This endpoint is paused or off."),
            ({"opened_at": NOW, "probe_at": NOW}, "This endpoint does not answer."),
        ],
    )
    async def test_says_what_has_to_be_done_first(
        self,
        member: Visitor,
        shelf: Shelf,
        endpoint: EndpointRow,
        place: str,
        changed: dict[str, object],
        said: str,
    ) -> None:
        await hold_two(shelf, endpoint)
        await shelf.change(EndpointRow, endpoint.id, **changed)
        page = await member.get(f"{place}/recover")
        assert (said in page.text, "Resend 2" in page.text) == (True, False)
        assert said in (await member.post(f"{place}/recover", {"states": ["held"]})).text


async def recover(visitor: Visitor, place: str, query: str) -> Page:
    """The page that counts beforehand."""
    return await visitor.get(f"{place}/recover?{query}")


async def answer_test(shelf: Shelf, event_id: str, status: int) -> None:
    """Have the endpoint answer a test event."""
    now = utc_now()
    await shelf.take_out(event_id)
    [planned] = (await shelf.database.write(planning.plan_event, event_id, now)).deliveries
    task = PostWebhook(event_id, planned.delivery_id, 1, DELAYS)
    ready = await shelf.database.write(attempts.begin_attempt, task, now, REQUEST)
    assert isinstance(ready, attempts.ReadyAttempt)
    ended = attempt_endings.EndedAttempt(
        ready.attempt_id, Answer(f"http_{status}", status), SCHEDULE
    )
    await shelf.database.write(attempt_endings.finish_attempt, ended, now)
