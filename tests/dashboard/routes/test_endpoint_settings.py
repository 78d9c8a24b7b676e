"""The tabs Settings and Secret of an endpoint: for owners."""

import re

from contracts.delivery.states import EndpointState
from contracts.tiers import Tier
from store.endpoints.changes import headers_of
from store.tables import EndpointRow, PartnerRow
from tests.dashboard.routes.endpoint_fixtures import LIST, SECRET, answered
from tests.support.shelf import NOW, Shelf
from tests.support.visitor import Visitor


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


class TestWhoMay:
    async def test_members_may_not_change_it(
        self, member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        for tab in ("settings", "secret"):
            assert (await member.get(f"{place}/{tab}")).status == 403, tab
        page = await member.get(place)
        for part in ("settings", "headers", "pause", "switch-on", "rotate", "remove"):
            assert f"{place}/{part}" not in page.html
            assert (await member.post(f"{place}/{part}", settings(endpoint))).status == 403, part
        assert await shelf.one(EndpointRow, endpoint.id) == endpoint

    async def test_what_is_not_of_this_partner_is_not_there(
        self, owner: Visitor, shelf: Shelf
    ) -> None:
        await shelf.add_partner("other")
        other = await shelf.add_endpoint("other")
        for tab in ("", "/live", "/attempts", "/settings", "/secret"):
            assert (await owner.get(f"{LIST}/{other.id}{tab}")).status == 404, tab
        for part in ("settings", "headers", "pause", "switch-on", "rotate", "remove"):
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
        page = await owner.get(f"{place}/settings")
        types = re.findall(r'name="event_types" value="(\w+)"', page.html)
        await owner.post(f"{place}/settings", settings(endpoint, event_types=types))
        assert (await shelf.one(EndpointRow, endpoint.id)).event_types is None

    async def test_a_wrong_value_is_named(
        self, owner: Visitor, endpoint: EndpointRow, place: str
    ) -> None:
        asked = settings(endpoint, in_flight_limit="900", description="Kept")
        page = await owner.post(f"{place}/settings", asked)
        assert (page.status, "Max. concurrent requests: " in page.text) == (422, True)
        assert 'value="Kept"' in page.html

    async def test_an_address_inside_is_refused(
        self, owner: Visitor, endpoint: EndpointRow, place: str
    ) -> None:
        page = await owner.post(f"{place}/settings", settings(endpoint, url="http://10.0.0.1/"))
        assert (page.status, "URL: its host must have" in page.text) == (422, True)

    async def test_a_new_url_starts_afresh(
        self, owner: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        """Neither the heading nor the figures judge it by what the old one did."""
        await answered(shelf, *[503] * 6)
        await shelf.change(EndpointRow, endpoint.id, opened_at=NOW, probe_at=NOW)
        assert "failing" in (await owner.get(place)).text
        asked = settings(endpoint, url=f"{endpoint.url}/v2")
        page = await owner.post(f"{place}/settings", asked)
        assert "The new URL starts afresh" in page.text
        assert "No data yet" in page.text
        assert "Nothing has been sent to it since" in page.text
        assert "failing" not in page.text

    async def test_the_payload_of_each_type_is_previewed(self, owner: Visitor, place: str) -> None:
        page = await owner.get(f"{place}/settings")
        for kind in ("order_confirmed", "out_for_delivery", "return_initiated"):
            assert f'"type": "{kind}"' in page.text


class TestCustomHeaders:
    async def test_they_are_added_masked_replaced_and_removed(
        self, owner: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        async def headers() -> dict[str, str]:
            row = await shelf.one(EndpointRow, endpoint.id)
            return await shelf.database.read(headers_of, row)

        first = {"header-name": ["X-Shop"], "header-value": ["first value"]}
        page = await owner.post(f"{place}/headers", first)
        assert "Custom headers saved." in page.text
        assert ("x-shop" in page.text, "first value" in page.html) == (True, False)
        both = {"header-name": ["x-shop", "Authorization"], "header-value": ["", "Bearer 1"]}
        await owner.post(f"{place}/headers", both)
        assert await headers() == {"x-shop": "first value", "authorization": "Bearer 1"}
        changed = {
            "header-name": ["authorization", "x-shop"],
            "header-value": ["Bearer 2", ""],
            "header-drop": ["x-shop"],
        }
        await owner.post(f"{place}/headers", changed)
        assert await headers() == {"authorization": "Bearer 2"}

    async def test_a_refused_name_is_told(self, owner: Visitor, place: str) -> None:
        asked = {"header-name": ["Webhook-Id"], "header-value": ["mine"]}
        page = await owner.post(f"{place}/headers", asked)
        assert page.status == 422
        assert "Custom headers: the header webhook-id is not yours to set" in page.text

    async def test_a_plan_without_them_says_so(
        self, owner: Visitor, shelf: Shelf, place: str
    ) -> None:
        await shelf.change(PartnerRow, "shop", tier=Tier.SMB)
        page = await owner.get(f"{place}/settings")
        assert "Your plan has no custom headers." in page.text
        assert 'name="header-name"' not in page.html


class TestTheSwitch:
    async def test_off_and_on(
        self, owner: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
    ) -> None:
        page = await owner.post(f"{place}/pause")
        assert "Paused. New events are put on hold." in page.text
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
    async def test_a_new_one_is_shown_once_beside_programs_that_verify(
        self, owner: Visitor, place: str
    ) -> None:
        page = await owner.post(f"{place}/rotate")
        assert re.search(SECRET, page.html)
        assert "For 24 hours webhooks are signed with the old one as well." in page.text
        for program in ("import hmac", "node:crypto", "hash_hmac"):
            assert program in page.text
        again = await owner.get(f"{place}/secret")
        assert not re.search(SECRET, again.html)
        assert "signs as well, until" in again.text

    async def test_while_two_sign_only_both_can_be_ended(self, owner: Visitor, place: str) -> None:
        await owner.post(f"{place}/rotate")
        page = await owner.post(f"{place}/rotate")
        assert (page.status, "The old secret of the last rotation still signs" in page.text) == (
            409,
            True,
        )

    async def test_the_old_one_ends_at_once_where_it_has_leaked(
        self, owner: Visitor, place: str
    ) -> None:
        page = await owner.post(f"{place}/rotate", {"at-once": "yes"})
        assert "The old one has ended." in page.text
        assert "signs as well" not in page.text

    async def test_a_test_event_is_sent_from_there(self, owner: Visitor, place: str) -> None:
        asked = {"type": "order_confirmed", "shown-on": "secret"}
        page = await owner.post(f"{place}/test", asked)
        assert f"{place}/secret?test=" in page.url
        assert 'data-every-s="1"' in page.html
