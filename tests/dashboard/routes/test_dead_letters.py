"""The page of dead letters: listed in words, sent again, given up, and how a retry does."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter, RetryRequest
from contracts.delivery.states import (
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    EndpointState,
    HoldReason,
)
from contracts.errors import EngineUnavailable
from dispatch.gateway import Gateway
from store.deliveries.dead_lettering import record_dead_letter
from store.events.outbox import Startable
from store.retries.progress import retry_progress
from store.tables import DeadLetterRow, DeliveryRow, EndpointRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, an_event
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor

LIST = "/p/shop/dead-letters"


class Ear(Gateway):
    """Hears retries where Temporal would, and refuses them when it has heard enough."""

    def __init__(self, most: int = 1_000) -> None:
        self.heard: list[RetryRequest] = []
        self.most = most

    async def request_retry(self, event: Startable, request: RetryRequest) -> None:
        """Note the retry."""
        if len(self.heard) >= self.most:
            raise EngineUnavailable("away")
        self.heard.append(request)


@pytest.fixture
def ear(stack: Stack) -> Ear:
    """Takes every retry."""
    assert stack.app is not None
    ear = Ear()
    stack.app.state.parts = replace(stack.app.state.parts, gateway=ear)
    return ear


@pytest.fixture
async def shelf(visitor: Visitor, stack: Stack) -> Shelf:
    """The database; `shop` has one endpoint."""
    shelf = Shelf(stack.database)
    await shelf.add_endpoint()
    return shelf


@pytest.fixture
async def member(visitor: Visitor) -> Visitor:
    """A member of `shop`."""
    return await visitor.sign_in_as(Role.MEMBER, "shop")


async def bury(
    shelf: Shelf,
    order_id: str = "ORD-1",
    *,
    reason: DeadLetterReason = DeadLetterReason.EXHAUSTED,
    code: str = "http_503",
    event_type: str = "order_confirmed",
    partner_id: str = "shop",
    is_test: bool = False,
) -> DeadLetterRow:
    """A dead letter of an order."""
    groups = make_groups(order=make_order(order_id=order_id))
    event = an_event(event_type, data=groups, partner_id=partner_id, is_test=is_test)
    planned = (await shelf.plan(event)).deliveries[0]
    dead_letter = RecordDeadLetter(planned.delivery_id, reason, code)
    await shelf.database.write(record_dead_letter, dead_letter, event.occurred_at)
    [row] = await shelf.all_of(DeadLetterRow, planned.delivery_id)
    return row


def asked_at(page: Page) -> str:
    """The moment in the address of a page that shows progress."""
    return str(re.findall(r"asked=([^&]+)", page.url)[0])


class TestTheList:
    async def test_it_says_why_and_leads_to_order_and_event(
        self, member: Visitor, shelf: Shelf
    ) -> None:
        dead_letter = await bury(shelf, "ORD-77")
        page = await member.get(LIST)
        assert page.status == 200
        assert "answered 503 (Service Unavailable)" in page.text
        assert "Retry once it is up again." in page.text
        assert "/dashboard/p/shop/orders?order_id=ORD-77" in page.html
        event_id = (await shelf.one(DeliveryRow, dead_letter.delivery_id)).event_id
        assert f"/dashboard/p/shop/events/{event_id}" in page.html

    async def test_filters_narrow_it(self, member: Visitor, shelf: Shelf) -> None:
        await bury(shelf, "ORD-1")
        await bury(shelf, "ORD-2", event_type="delivered", reason=DeadLetterReason.GONE)
        for query in ("event_type=delivered", "reason=gone&channel="):
            page = await member.get(f"{LIST}?{query}")
            assert ("ORD-1" in page.text, "ORD-2" in page.text) == (False, True), query
        assert "Nothing matches" in (await member.get(f"{LIST}?channel=sms")).text
        assert (await member.get(f"{LIST}?reason=nonsense")).status == 404

    async def test_closed_ones_have_a_page_of_their_own(
        self, member: Visitor, shelf: Shelf
    ) -> None:
        dead_letter = await bury(shelf, "ORD-9")
        resolved = {
            "resolved_at": dead_letter.created_at,
            "resolution": DeadLetterResolution.RETRIED,
        }
        await shelf.change(DeadLetterRow, dead_letter.id, **resolved)
        assert "ORD-9" not in (await member.get(LIST)).text
        closed = await member.get(f"{LIST}?shown=closed")
        assert ("ORD-9" in closed.text, "sent again" in closed.text) == (True, True)
        assert 'name="ids"' not in closed.html

    async def test_it_goes_on_with_the_next_page(self, member: Visitor, shelf: Shelf) -> None:
        for number in range(26):
            await bury(shelf, f"ORD-{number}-")
        first = await member.get(LIST)
        [more] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
        second = await member.get(more.replace("&amp;", "&"))
        assert (first.html.count('name="ids"'), second.html.count('name="ids"')) == (25, 1)

    async def test_another_partners_are_not_there(
        self, member: Visitor, shelf: Shelf, stack: Stack, ear: Ear
    ) -> None:
        await shelf.add_partner("other")
        await shelf.add_endpoint("other")
        dead_letter = await bury(shelf, "ORD-66", partner_id="other")
        assert "ORD-66" not in (await member.get(LIST)).text
        assert (await member.post(LIST, {"one": dead_letter.id})).status == 404
        assert (await member.get("/p/other/dead-letters")).status == 404
        assert ear.heard == []


class TestNothingFalse:
    async def test_what_is_on_hold_is_told_here_and_never_called_well(
        self, member: Visitor, shelf: Shelf
    ) -> None:
        """B1: "Nothing here: everything has been delivered" while updates wait."""
        assert "every update that was due has been sent" in (await member.get(LIST)).text
        planned = (await shelf.plan(an_event())).deliveries[0]
        held = {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_FAILING}
        await shelf.change(DeliveryRow, planned.delivery_id, **held)
        page = await member.get(LIST)
        assert "every update that was due has been sent" not in page.text
        assert "One update is on hold 1: The endpoint does not answer." in page.text
        assert "Nothing has failed." in page.text

    async def test_failed_tests_are_apart(self, member: Visitor, shelf: Shelf) -> None:
        """B12: test events in the list and the count of what has failed."""
        await bury(shelf, "ORD-1")
        await bury(shelf, "ORD-2", is_test=True)
        page = await member.get(LIST)
        assert ("ORD-2" in page.text, "Retry all (1)" in page.text) == (False, True)
        tests = await member.get(f"{LIST}?shown=tests")
        assert ("ORD-1" in tests.text, "ORD-2 test" in tests.text) == (False, True)


class TestAdvice:
    @pytest.mark.parametrize(
        ("code", "says", "may_retry", "may_correct"),
        [
            ("twilio_30005", "Nobody has this number.", False, True),
            ("twilio_21635", "This is a landline", False, True),
            ("twilio_21610", "The customer has opted out of SMS.", False, False),
            ("twilio_30007", "The phone's network took the SMS for spam.", True, False),
            ("dlt_text_differs", "differs from the one that is registered", True, False),
            ("twilio_20503", "The SMS service refused it", True, False),
        ],
    )
    async def test_each_cause_says_the_one_thing_that_helps(
        self,
        owner: Visitor,
        shelf: Shelf,
        code: str,
        says: str,
        may_retry: bool,
        may_correct: bool,
    ) -> None:
        """B4: wrong advice, a retry that cannot help, no way to correct the number from here."""
        dead_letter = await bury(shelf, reason=DeadLetterReason.REJECTED, code=code)
        page = await owner.get(LIST)
        assert says in page.text
        assert (f'name="one" value="{dead_letter.id}"' in page.html) is may_retry
        assert ("Retry all (1)" in page.text) is may_retry
        assert (f"?correct#correct-{dead_letter.delivery_id}" in page.html) is may_correct
        assert code not in page.text

    async def test_a_retry_that_would_fail_again_is_refused_in_words(
        self, owner: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        dead_letter = await bury(shelf, reason=DeadLetterReason.REJECTED, code="twilio_30005")
        page = await owner.post(LIST, {"retry": "ticked", "ids": [dead_letter.id]})
        assert "The same again would fail again. Its row says what helps." in page.text
        assert ear.heard == []

    async def test_no_words_of_the_api_reach_a_shop_owner(
        self, owner: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        """B5: "look whether it was, then ask with resend true"."""
        unknown = await bury(shelf, "ORD-1", reason=DeadLetterReason.UNKNOWN, code="timeout")
        await bury(shelf, "ORD-2")
        listed = await owner.get(LIST)
        assert "One of them is not retried with the others: it may have been sent" in listed.text
        page = await owner.post(LIST, {"all": "all"})
        assert "Sending one again" in page.text
        assert "resend true" not in page.text
        again = await owner.get(LIST)
        assert f'name="resend" value="{unknown.id}"' in again.html


class TestTheTime:
    async def test_last_night_is_one_press(self, member: Visitor, shelf: Shelf) -> None:
        zone = ZoneInfo("Asia/Kolkata")
        today = utc_now().astimezone(zone).replace(minute=0, second=0, microsecond=0)
        for order_id, hour in (("ORD-N", 3), ("ORD-E", -5), ("ORD-D", -10)):
            dead_letter = await bury(shelf, order_id)
            at = today.replace(hour=0) + timedelta(hours=hour)
            await shelf.change(DeadLetterRow, dead_letter.id, created_at=at)
        page = await member.get(f"{LIST}?when=night")
        assert [one for one in ("ORD-N", "ORD-E", "ORD-D") if one in page.text] == ["ORD-N"]
        assert "Retry all (1)" in page.text

    async def test_days_narrow_it(self, member: Visitor, shelf: Shelf) -> None:
        await bury(shelf, "ORD-1")
        for query, found in (
            ("since=2026-03-02&until=2026-03-02", True),
            ("since=2026-03-03", False),
            ("until=2026-03-01", False),
        ):
            assert ("ORD-1" in (await member.get(f"{LIST}?{query}")).text) is found, query

    async def test_a_reversed_range_says_so(self, member: Visitor, shelf: Shelf) -> None:
        """B18: From 28, To 20 silently shows nothing."""
        await bury(shelf)
        page = await member.get(f"{LIST}?since=2026-03-28&until=2026-03-20")
        assert (page.status, "The first day is after the last one" in page.text) == (422, True)
        assert 'value="2026-03-28"' in page.html
        asked = await member.post(f"{LIST}?since=2026-03-28&until=2026-03-20", {"all": "all"})
        assert asked.status == 422


@pytest.mark.extended
class TestARetry:
    async def test_of_many_looks_again_with_the_list(
        self, member: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        """B8: "what failed again is in the list below", which shows it after a reload only."""
        dead_letters = [await bury(shelf, f"ORD-{number}") for number in range(2)]
        page = await member.post(LIST, {"retry": "ticked", "ids": [one.id for one in dead_letters]})
        part = page.html[page.html.index('id="letters"') :]
        assert "data-every-s" in part[:200]
        assert part.index('id="retries"') < part.index("All that was here has been sent again.")

    async def test_of_one_leaves_the_ticked_ones_alone(
        self, member: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        one, other = await bury(shelf, "ORD-1"), await bury(shelf, "ORD-2")
        page = await member.post(LIST, {"one": one.id, "ids": [other.id]})
        assert "Sending one again" in page.text
        assert [request.delivery_ids for request in ear.heard] == [[one.delivery_id]]

    async def test_of_the_ticked_ones_shows_how_they_do(
        self, member: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        dead_letters = [await bury(shelf, f"ORD-{number}") for number in range(4)]
        ids = [one.id for one in dead_letters]
        page = await member.post(LIST, {"retry": "ticked", "ids": ids})
        assert "Sending 4 again" in page.text
        assert "data-every-s" in page.html
        assert "All that was here has been sent again." in page.text
        first, second, third, fourth = (one.delivery_id for one in dead_letters)
        await shelf.change(DeliveryRow, first, state=DeliveryState.DELIVERED)
        await shelf.change(DeliveryRow, second, state=DeliveryState.DELIVERING)
        page = await member.get(f"{LIST}?asked={asked_at(page)}")
        assert "1 of 4 ended" in page.text
        assert "3 on the way" in page.text
        for delivery_id in (second, fourth):
            await shelf.change(DeliveryRow, delivery_id, state=DeliveryState.DELIVERED)
        await self.fail_again(shelf, dead_letters[2], third)
        page = await member.get(f"{LIST}?asked={asked_at(page)}")
        assert "All 4 retries have ended" in page.text
        assert "3 sent" in page.text
        assert "1 failed again" in page.text
        assert (page.html.count('name="ids"'), "ORD-2" in page.text) == (1, True)
        assert "data-every-s" not in page.html

    async def test_of_nothing_says_so(self, member: Visitor, shelf: Shelf) -> None:
        page = await member.post(LIST, {"retry": "ticked"})
        assert (page.status, "Select one or more" in page.text) == (422, True)
        assert "Nothing matches any more" in (await member.post(LIST, {"all": "all"})).text

    async def test_says_why_one_is_refused_and_sends_the_rest(
        self, member: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        one, closed = await bury(shelf, "ORD-1"), await bury(shelf, "ORD-2")
        resolved = {"resolved_at": one.created_at, "resolution": DeadLetterResolution.RETRIED}
        await shelf.change(DeadLetterRow, closed.id, **resolved)
        page = await member.post(LIST, {"retry": "ticked", "ids": [one.id, closed.id]})
        assert "One could not be sent again." in page.text
        assert "It has been retried or dismissed already." in page.text
        assert "Sending one again" in page.text
        assert len(ear.heard) == 1

    async def test_says_that_the_engine_took_none(
        self, member: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        ear.most = 0
        page = await member.post(LIST, {"one": (await bury(shelf)).id})
        assert (page.status, "could not be passed on" in page.text) == (409, True)

    async def test_of_all_that_match_takes_several_batches(
        self, member: Visitor, shelf: Shelf, ear: Ear
    ) -> None:
        for number in range(101):
            await bury(shelf, f"ORD-{number}")
        await bury(shelf, "ORD-other", event_type="delivered")
        page = await member.post(f"{LIST}?event_type=order_confirmed", {"all": "all"})
        assert "Sending 101 again" in page.text
        assert len(ear.heard) == 101

    async def test_of_all_of_an_endpoint_is_a_recovery(self, member: Visitor, shelf: Shelf) -> None:
        dead_letter = await bury(shelf)
        endpoint_id = (await shelf.one(DeliveryRow, dead_letter.delivery_id)).endpoint_id
        page = await member.post(f"{LIST}?endpoint_id={endpoint_id}", {"all": "all"})
        assert f"/endpoints/{endpoint_id}/recoveries/rcv_" in page.url
        assert "0 of 1 resent" in page.text

    async def test_of_all_of_an_endpoint_that_is_off_says_what_to_do(
        self, member: Visitor, shelf: Shelf
    ) -> None:
        dead_letter = await bury(shelf)
        endpoint_id = (await shelf.one(DeliveryRow, dead_letter.delivery_id)).endpoint_id
        await shelf.change(EndpointRow, endpoint_id, state=EndpointState.PAUSED)
        page = await member.post(f"{LIST}?endpoint_id={endpoint_id}", {"all": "all"})
        assert (page.status, "Switch it on first" in page.text) == (409, True)

    async def fail_again(self, shelf: Shelf, dead_letter: DeadLetterRow, delivery_id: str) -> None:
        """As its workflow does when the schedule is used up once more."""
        resolved = {
            "resolved_at": dead_letter.created_at,
            "resolution": DeadLetterResolution.RETRIED,
        }
        await shelf.change(DeadLetterRow, dead_letter.id, **resolved)
        await shelf.change(DeliveryRow, delivery_id, state=DeliveryState.DELIVERING)
        again = RecordDeadLetter(delivery_id, DeadLetterReason.EXHAUSTED, "http_500")
        await shelf.database.write(record_dead_letter, again, utc_now())


class TestGivingUp:
    async def test_needs_a_reason_and_is_kept(self, owner: Visitor, shelf: Shelf) -> None:
        dead_letter = await bury(shelf, "ORD-5")
        asked = {"discard": "ticked", "ids": [dead_letter.id]}
        refused = await owner.post(LIST, {**asked, "reason": " "})
        assert (refused.status, "Say why" in refused.text) == (422, True)
        page = await owner.post(LIST, {**asked, "reason": "the shop has closed"})
        assert "Dismissed." in page.text
        closed = await owner.get(f"{LIST}?shown=closed")
        assert "the shop has closed" in closed.text
        delivery = await shelf.one(DeliveryRow, dead_letter.delivery_id)
        assert delivery.state is DeliveryState.DISCARDED

    async def test_is_not_for_members(self, member: Visitor, shelf: Shelf) -> None:
        dead_letter = await bury(shelf)
        assert 'name="discard"' not in (await member.get(LIST)).html
        asked = {"discard": "ticked", "ids": [dead_letter.id], "reason": "no"}
        assert (await member.post(LIST, asked)).status == 403
        assert (await shelf.one(DeadLetterRow, dead_letter.id)).resolved_at is None


class TestProgress:
    async def test_is_the_owners_alone(self, member: Visitor, shelf: Shelf, ear: Ear) -> None:
        page = await member.post(LIST, {"one": (await bury(shelf)).id})
        stranger = Visitor(member.app)
        await shelf.add_partner("other")
        await stranger.sign_in_as(Role.MEMBER, "other")
        other = await stranger.get(f"/p/other/dead-letters?asked={asked_at(page)}")
        assert (other.status, "Sending" in other.text) == (200, False)

    async def test_of_a_moment_at_which_nothing_was_asked_is_nothing(self, shelf: Shelf) -> None:
        progress = await shelf.database.read(retry_progress, NOW, owner="shop")
        assert (progress.asked, progress.is_over) == (0, True)
