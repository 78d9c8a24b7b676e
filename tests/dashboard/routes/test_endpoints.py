"""The pages of endpoints: cards, one in full, its settings, its secret, test events."""

import re

import pytest

from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.delivery.messages import PostWebhook
from contracts.delivery.states import EndpointState
from contracts.delivery.verdicts import Answer
from store.deliveries import attempt_endings, attempts
from store.tables import EndpointRow
from tests.support.shelf import DELAYS, REQUEST, SCHEDULE, Shelf, an_event
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor

LIST = "/p/shop/endpoints"
URL = "http://127.0.0.1:65535/hook"
SECRET = r"whsec_[\w+/=]+"


@pytest.fixture
def shelf(visitor: Visitor, stack: Stack) -> Shelf:
    """The database, with the partner `shop`."""
    return Shelf(stack.database)


@pytest.fixture
async def endpoint(shelf: Shelf) -> EndpointRow:
    """The only endpoint of `shop`."""
    return await shelf.add_endpoint(url=URL)


@pytest.fixture
def place(endpoint: EndpointRow) -> str:
    """The page of this endpoint."""
    return f"{LIST}/{endpoint.id}"


@pytest.fixture
async def member(visitor: Visitor) -> Visitor:
    """A member of `shop`."""
    return await visitor.sign_in_as(Role.MEMBER, "shop")


async def answered(shelf: Shelf, *statuses: int) -> None:
    """Deliveries of `shop` that were tried just now, with these answers."""
    now = utc_now()
    for status in statuses:
        event = an_event()
        delivery_id = (await shelf.plan(event)).deliveries[0].delivery_id
        task = PostWebhook(event.event_id, delivery_id, 1, DELAYS)
        ready = await shelf.database.write(attempts.begin_attempt, task, now, REQUEST)
        assert isinstance(ready, attempts.ReadyAttempt)
        answer = Answer(f"http_{status}", status, duration_ms=120)
        await shelf.database.write(
            attempt_endings.finish_attempt,
            attempt_endings.EndedAttempt(ready.attempt_id, answer, SCHEDULE),
            now,
        )


def settings(endpoint: EndpointRow, **changed: str | list[str]) -> dict[str, str | list[str]]:
    """The form as the page fills it in; a box that is not ticked is not there."""
    known: dict[str, str | list[str]] = {
        "url": endpoint.url,
        "description": "",
        "event_types": ["order_confirmed"],
        "auto_recover": "on",
        "rate_limit": "",
        "in_flight_limit": "50",
        "recovery_rate": "10",
    }
    return {**known, **changed}


class TestTheCards:
    async def test_they_say_how_each_endpoint_does(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow
    ) -> None:
        await answered(shelf, 200, 200, 503)
        page = await member.get(LIST)
        assert page.status == 200
        assert URL in page.text
        assert "some attempts fail" in page.text
        assert "66.7 %" in page.text
        assert 'action=""' not in page.html

    async def test_without_any_it_says_what_to_do(self, owner: Visitor) -> None:
        assert "No endpoint yet" in (await owner.get(LIST)).text

    async def test_another_partners_are_not_there(self, member: Visitor, shelf: Shelf) -> None:
        await shelf.add_partner("other")
        other = await shelf.add_endpoint("other")
        assert other.id not in (await member.get(LIST)).html
        for path in ("", "/recover"):
            assert (await member.get(f"{LIST}/{other.id}{path}")).status == 404
        for path in ("/test", "/recover"):
            posted = await member.post(f"{LIST}/{other.id}{path}", {"type": "delivered"})
            assert posted.status == 404, path


class TestAdding:
    async def test_shows_the_secret_once(self, owner: Visitor, shelf: Shelf) -> None:
        asked = {"url": URL, "description": "Shop", "event_types": ["delivered"]}
        page = await owner.post(LIST, asked)
        assert re.search(SECRET, page.html)
        assert "no-store" in (await owner.http.get(f"/dashboard{LIST}")).headers["cache-control"]
        again = await owner.get(LIST)
        assert ("Shop" in again.text, re.search(SECRET, again.html)) == (True, None)
        [endpoint_id] = re.findall(r"/endpoints/(ep_\w+)\"", again.html)[:1]
        row = await shelf.one(EndpointRow, endpoint_id)
        assert (row.url, row.event_types) == (URL, ["delivered"])

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"url": "ftp://shop.example"}, "URL: "),
            ({"url": "http://10.0.0.1/hook"}, "URL: the host must have an address"),
            ({"event_types": []}, "Choose one type of event at least"),
        ],
    )
    async def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, owner: Visitor, changed: dict[str, object], said: str
    ) -> None:
        asked = {"url": URL, "description": "My shop", "event_types": ["delivered"], **changed}
        page = await owner.post(LIST, asked)
        assert (page.status, said in page.text) == (422, True)
        assert "My shop" in page.html

    async def test_ends_at_the_plans_limit(self, owner: Visitor, shelf: Shelf) -> None:
        for number in range(3):
            await shelf.add_endpoint(url=f"{URL}/{number}")
        assert "3 endpoints that your plan allows" in (await owner.get(LIST)).text


class TestOnePage:
    async def test_it_shows_answers_rates_and_hours(
        self, member: Visitor, shelf: Shelf, place: str
    ) -> None:
        await answered(shelf, 200, 503)
        page = await member.get(place)
        assert page.status == 200
        assert "answered 503 (Service Unavailable)" in page.text
        assert "up to 200 ms" in page.text
        assert "50 %" in page.text
        assert "<svg role=" in page.html
        assert "style=" not in page.html

    async def test_it_counts_down_to_when_a_failing_one_is_asked(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        now = utc_now()
        await shelf.change(EndpointRow, endpoint.id, opened_at=now, probe_at=now)
        page = await member.get(place)
        assert "One of them asks it again in" in page.text
        assert "data-countdown" in page.html

    async def test_members_may_not_change_it(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        page = await member.get(place)
        for part in ("settings", "pause", "switch-on", "rotate", "remove"):
            assert f"{place}/{part}" not in page.html
            assert (await member.post(f"{place}/{part}", settings(endpoint))).status == 403, part
        assert await shelf.one(EndpointRow, endpoint.id) == endpoint

    async def test_what_is_not_of_this_partner_is_not_there(
        self, owner: Visitor, shelf: Shelf
    ) -> None:
        await shelf.add_partner("other")
        other = await shelf.add_endpoint("other")
        for part in ("settings", "pause", "switch-on", "rotate", "remove"):
            posted = await owner.post(f"{LIST}/{other.id}/{part}", settings(other))
            assert posted.status == 404, part


class TestSettings:
    async def test_what_differs_is_changed(
        self, owner: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        await shelf.change(EndpointRow, endpoint.id, failures_in_row=3)
        asked = settings(endpoint, description="Chai", ordered="on", rate_limit="2.5")
        page = await owner.post(f"{place}/settings", asked)
        assert "Saved." in page.text
        row = await shelf.one(EndpointRow, endpoint.id)
        assert (row.description, row.ordered, row.rate_limit) == ("Chai", True, 2.5)
        assert (row.event_types, row.failures_in_row) == (["order_confirmed"], 3)

    async def test_all_types_are_every_type_also_those_to_come(
        self, owner: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        page = await owner.get(place)
        types = re.findall(r'name="event_types" value="(\w+)"', page.html)
        await owner.post(f"{place}/settings", settings(endpoint, event_types=types))
        assert (await shelf.one(EndpointRow, endpoint.id)).event_types is None

    async def test_a_wrong_value_is_named(
        self, owner: Visitor, endpoint: EndpointRow, place: str
    ) -> None:
        asked = settings(endpoint, in_flight_limit="900", description="Kept")
        page = await owner.post(f"{place}/settings", asked)
        assert (page.status, "Most attempts at once: " in page.text) == (422, True)
        assert 'value="Kept"' in page.html

    async def test_an_address_inside_is_refused(
        self, owner: Visitor, endpoint: EndpointRow, place: str
    ) -> None:
        page = await owner.post(f"{place}/settings", settings(endpoint, url="http://10.0.0.1/"))
        assert (page.status, "URL: the host must have" in page.text) == (422, True)


class TestTheSwitch:
    async def test_off_and_on(
        self, owner: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        page = await owner.post(f"{place}/pause")
        assert "Paused. Its deliveries wait." in page.text
        assert (await shelf.one(EndpointRow, endpoint.id)).state is EndpointState.PAUSED
        page = await owner.post(f"{place}/switch-on")
        assert "Switched on." in page.text
        assert (await shelf.one(EndpointRow, endpoint.id)).state is EndpointState.ENABLED

    async def test_removing_is_for_good(
        self, owner: Visitor, endpoint: EndpointRow, place: str
    ) -> None:
        assert "Removed." in (await owner.post(f"{place}/remove")).text
        assert (await owner.get(place)).status == 404


class TestTheSecret:
    async def test_a_new_one_is_shown_once(self, owner: Visitor, place: str) -> None:
        page = await owner.post(f"{place}/rotate")
        assert re.search(SECRET, page.html)
        assert "For 24 hours webhooks are signed with the old one too." in page.text
        assert not re.search(SECRET, (await owner.get(place)).html)

    async def test_the_old_one_ends_at_once_where_it_has_leaked(
        self, owner: Visitor, place: str
    ) -> None:
        page = await owner.post(f"{place}/rotate", {"at-once": "yes"})
        assert "The old one has ended." in page.text


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
        assert (page.status, "enable it first" in page.text) == (409, True)


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
        assert "Nothing to send again" in (await member.get(f"{place}/recover")).text
        await hold_two(shelf, endpoint)
        page = await member.get(f"{place}/recover?states=held&days=")
        assert "2 deliveries would be sent again" in page.text
        assert "Send 2 again" in page.text
        assert "Nothing to send again" in (await recover(member, place, "states=delivered")).text

    async def test_is_begun_watched_and_cancelled(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        await hold_two(shelf, endpoint)
        page = await member.post(f"{place}/recover", {"states": ["held", "dead_lettered"]})
        assert "0 of 2 sent again" in page.text
        assert 'data-every-s="2"' in page.html
        again = await member.post(f"{place}/recover", {"states": ["held"]})
        assert (again.status, "runs already" in again.text) == (409, True)
        cancelled = await member.post(
            page.url.removeprefix("http://doorstep.test/dashboard") + "/cancel"
        )
        assert "It was cancelled" in cancelled.text
        assert "data-every-s" not in cancelled.html
        assert "cancelled" in (await member.get(place)).text

    async def test_says_what_cannot_be_asked(self, member: Visitor, place: str) -> None:
        for query in ("states=pending", "since=tomorrow"):
            page = await recover(member, place, query)
            assert (page.status, 'role="alert"' in page.html) == (422, True), query


async def hold_two(shelf: Shelf, endpoint: EndpointRow) -> None:
    """Two deliveries that wait for this endpoint."""
    await shelf.change(EndpointRow, endpoint.id, state=EndpointState.PAUSED)
    for _ in range(2):
        [planned] = (await shelf.plan()).deliveries
        assert planned.delivery_id
    await shelf.change(EndpointRow, endpoint.id, state=EndpointState.ENABLED)


async def recover(visitor: Visitor, place: str, query: str) -> Page:
    """The page that counts beforehand."""
    return await visitor.get(f"{place}/recover?{query}")
