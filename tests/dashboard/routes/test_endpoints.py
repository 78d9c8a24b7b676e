"""The page of all endpoints: cards, the form to add one, what is said where webhooks are off."""

import re

import pytest

from store.tables import EndpointRow, PartnerRow
from tests.dashboard.routes.endpoint_fixtures import LIST, SECRET, URL, answered
from tests.support.shelf import Shelf
from tests.support.visitor import Visitor


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

    async def test_one_that_was_never_tried_is_not_called_healthy(
        self, member: Visitor, endpoint: EndpointRow
    ) -> None:
        page = await member.get(LIST)
        assert "Nothing has been sent to it yet." in page.text
        assert ("No data yet" in page.text, "healthy" in page.text) == (True, False)

    async def test_a_recovery_that_runs_is_one_click_away(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow
    ) -> None:
        await member.post(f"{LIST}/{endpoint.id}/recover", {"states": ["held"]})
        [place] = re.findall(
            r'href="/dashboard([^"]+/recoveries/[^"]+)"', (await member.get(LIST)).html
        )
        assert (await member.get(place)).status == 200


class TestWebhooksOff:
    """An endpoint that gets nothing does not look healthy."""

    @pytest.fixture(autouse=True)
    async def off(self, shelf: Shelf, endpoint: EndpointRow) -> None:
        await answered(shelf, 200)
        await shelf.change(PartnerRow, "shop", webhook_enabled=False)

    @pytest.mark.parametrize("tab", ["", "/attempts"])
    async def test_each_page_says_so(
        self, member: Visitor, endpoint: EndpointRow, tab: str
    ) -> None:
        for place in (LIST, f"{LIST}/{endpoint.id}{tab}"):
            page = await member.get(place)
            assert "Webhooks are off for this shop" in page.text, place
            assert ("An owner can switch" in page.text, "healthy" in page.text) == (True, False)

    async def test_an_owner_switches_them_on_from_there(self, owner: Visitor, shelf: Shelf) -> None:
        [action] = re.findall(
            r'action="/dashboard([^"]+back=endpoints)"', (await owner.get(LIST)).html
        )
        page = await owner.post(action, {"on": "on"})
        assert page.url.partition("?")[0].endswith(LIST)
        assert "Webhooks are off" not in page.text
        assert (await shelf.one(PartnerRow, "shop")).webhook_enabled


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
            ({"url": "http://10.0.0.1/hook"}, "URL: its host must have an address"),
            ({"event_types": []}, "Choose at least one event type"),
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
