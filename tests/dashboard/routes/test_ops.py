"""Pages of operations: all partners, the worst first, each with why it stands where it does."""

import re
from dataclasses import replace

import pytest

from contracts.access.users import Role
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import (
    DeadLetterReason,
    DeliveryState,
    EndpointState,
    HoldReason,
)
from contracts.endpoints.circuit_breaker import FAILURES_TO_OPEN
from store.deliveries.dead_lettering import record_dead_letter
from store.endpoints.circuit_breaker import GONE_FOR_GOOD, disable
from store.tables import DeliveryRow, EndpointRow, PartnerRow
from tests.support.shelf import NOW, Shelf, after, an_event, of_its_own_order
from tests.support.stack import Stack
from tests.support.visitor import Visitor

PAGES = (
    "/ops",
    "/ops.csv",
    "/ops/act?action=pause&ids=shop",
    "/ops/dead-letters",
    "/ops/held",
    "/ops/held.csv",
    "/ops/partners/new",
    "/ops/partners/shop",
    "/ops/platform",
    "/ops/senders",
    "/ops/texts",
)


@pytest.fixture
async def office(visitor: Visitor, stack: Stack) -> Visitor:
    """Somebody of operations, a minute after NOW."""
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, clock=lambda: after(60))
    return await visitor.sign_in_as(Role.OPS)


async def add_held(stack: Stack, partner_id: str, count: int) -> None:
    """So many updates of a partner that its failing endpoint holds."""
    shelf = Shelf(stack.database)
    for _ in range(count):
        planned = (await shelf.plan(of_its_own_order(an_event(partner_id=partner_id)))).deliveries
        held = {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_FAILING}
        await shelf.change(DeliveryRow, planned[0].delivery_id, **held)


async def add_dead_letter(stack: Stack, partner_id: str, seconds: float = 0) -> None:
    """A dead letter of the partner, whose endpoint is made with it."""
    shelf = Shelf(stack.database)
    await shelf.add_endpoint(partner_id)
    [planned] = (await shelf.plan(an_event(partner_id=partner_id))).deliveries
    dead_letter = RecordDeadLetter(planned.delivery_id, DeadLetterReason.EXHAUSTED, "http_503")
    await stack.database.write(record_dead_letter, dead_letter, after(seconds))


class TestAllPartners:
    async def test_the_worst_comes_first(self, office: Visitor, stack: Stack) -> None:
        for partner_id in ("calm", "ill", "sad"):
            await stack.add_partner(partner_id)
        shelf = Shelf(stack.database)
        await shelf.add_endpoint("calm")
        endpoint = await shelf.add_endpoint("ill")
        broken = {"failures_in_row": FAILURES_TO_OPEN, "failing_since": NOW, "opened_at": NOW}
        await shelf.change(EndpointRow, endpoint.id, **broken)
        await shelf.add_endpoint("sad")
        await shelf.change(PartnerRow, "sad", paused_at=NOW)
        page = await office.get("/ops")
        places = [page.html.index(f'href="/dashboard/p/{one}"') for one in ("ill", "sad", "calm")]
        assert places == sorted(places)
        assert "Needs help endpoint failing since 15:30: no answer" in page.text
        assert "(hooks.shop.example)" in page.html
        assert "Needs attention paused since 15:30" in page.text
        assert "All good" in page.text

    async def test_no_moment_is_left_out_of_a_sentence(self, office: Visitor, stack: Stack) -> None:
        """The counter of failures knows of attempts that are gone by now."""
        await stack.add_partner("ill")
        shelf = Shelf(stack.database)
        endpoint = await shelf.add_endpoint("ill")
        await shelf.change(EndpointRow, endpoint.id, failures_in_row=FAILURES_TO_OPEN)
        page = await office.get("/ops")
        assert "Needs help an endpoint is failing" in page.text

    async def test_they_are_found_by_name_and_by_id(self, office: Visitor, stack: Stack) -> None:
        await stack.add_partner("rival")
        await Shelf(stack.database).change(PartnerRow, "rival", name="Dosa Corner")
        for asked in ("dosa", "RIVAL"):
            page = await office.get(f"/ops?q={asked}")
            assert ("Dosa Corner" in page.text, "Chai Point" in page.text) == (True, False)
            assert "One partner found." in page.text
        assert "No partner found." in (await office.get("/ops?q=nobody")).text

    async def test_each_leads_to_its_executions(self, office: Visitor) -> None:
        page = await office.get("/ops")
        place = "http://temporal.test/namespaces/default/workflows?query=PartnerId%3D%22shop%22"
        assert f'href="{place}"' in page.html

    async def test_without_a_temporal_ui_there_is_no_link(
        self, office: Visitor, stack: Stack
    ) -> None:
        assert stack.app is not None
        stack.app.state.parts = replace(stack.app.state.parts, temporal_ui=None)
        assert "Temporal" not in (await office.get("/ops")).text

    async def test_every_page_has_what_a_ticket_needs_for_ops_alone(
        self, office: Visitor, stack: Stack
    ) -> None:
        page = await office.get("/p/shop/events?state=held")
        assert "Page: http://doorstep.test/dashboard/p/shop/events?state=held" in page.text
        assert "Partner: Chai Point (shop)" in page.text
        assert "Temporal: http://temporal.test/namespaces/default/workflows?query=" in page.text
        owner = await office.sign_in_as(Role.OWNER, "shop")
        assert "temporal.test" not in (await owner.get("/p/shop/events")).html

    async def test_fifty_are_on_a_page(self, office: Visitor, stack: Stack) -> None:
        shelf = Shelf(stack.database)
        for number in range(50):
            await shelf.add_partner(f"p-{number:03}")
        first = await office.get("/ops")
        assert first.html.count('role="rowheader"') == 50
        assert 'href="/dashboard/ops?page=2"' in first.html
        second = await office.get("/ops?page=2")
        assert second.html.count('role="rowheader"') == 1
        assert (await office.get("/ops?page=0")).status == 404

    async def test_what_doorstep_switched_off_is_told(self, office: Visitor, stack: Stack) -> None:
        shelf = Shelf(stack.database)
        endpoint = await shelf.add_endpoint()
        await stack.database.write(
            lambda session: disable(
                session, session.get_one(EndpointRow, endpoint.id), GONE_FOR_GOOD, NOW
            )
        )
        assert (await shelf.one(EndpointRow, endpoint.id)).state is EndpointState.DISABLED
        page = await office.get("/ops")
        assert "was switched off: the endpoint answered 410 Gone" in page.text
        assert f'href="/dashboard/p/shop/endpoints/{endpoint.id}"' in page.html
        assert "Needs help endpoint switched off by us" in page.text

    async def test_each_says_why_it_stands_where_it_does(
        self, office: Visitor, stack: Stack
    ) -> None:
        await add_dead_letter(stack, "shop")
        await add_held(stack, "shop", 2)
        page = await office.get("/ops")
        assert "one failed webhook ; 2 on hold" in page.text
        assert 'href="/dashboard/p/shop/dead-letters?channel=webhook"' in page.html
        assert 'href="/dashboard/ops/held?q=shop"' in page.html

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ("tier=smb", ["small"]),
            ("standing=look", ["sad"]),
            ("standing=well", ["small", "shop"]),
            ("tier=growth&standing=well", ["shop"]),
            ("sort=name", ["sad", "shop", "small"]),
        ],
    )
    async def test_they_are_narrowed_and_sorted(
        self, office: Visitor, stack: Stack, asked: str, shown: list[str]
    ) -> None:
        shelf = Shelf(stack.database)
        await shelf.add_partner("small", "smb")
        await shelf.add_partner("sad")
        for partner_id, name in (("small", "C"), ("sad", "A"), ("shop", "B")):
            await shelf.change(PartnerRow, partner_id, name=name)
        await shelf.change(PartnerRow, "sad", paused_at=NOW)
        page = await office.get(f"/ops?{asked}")
        found = re.findall(r'name="ids" value="(\w+)"', page.html)
        assert sorted(found) == sorted(shown) if "sort" not in asked else found == shown

    async def test_they_are_saved_as_a_file_with_the_same_filters(
        self, office: Visitor, stack: Stack
    ) -> None:
        await stack.add_partner("rival")
        await add_dead_letter(stack, "rival")
        page = await office.get("/ops?q=rival")
        assert 'href="/dashboard/ops.csv?q=rival"' in page.html
        header, *lines = (await office.get("/ops.csv?q=rival")).html.splitlines()
        assert header.lstrip("\ufeff").startswith("Partner ID,Name,Tier,Status,Reason,Events today")
        assert [line.split(",")[0] for line in lines] == ["rival"]
        assert "one failed webhook" in lines[0]


class TestWhoSeesThem:
    @pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
    async def test_to_a_partner_they_do_not_exist(self, visitor: Visitor, role: Role) -> None:
        partner = await visitor.sign_in_as(role, "shop")
        assert [(await partner.get(page)).status for page in PAGES] == [404] * len(PAGES)
        asked = {"which": "all", "reason": "a joke"}
        assert (await partner.post("/ops/texts/suspensions", asked)).status == 404

    async def test_somebody_who_is_not_signed_in_is_asked_to(self, visitor: Visitor) -> None:
        for page in PAGES:
            assert (await visitor.get(page)).url.endswith("/sign-in")
