"""The link to the tracking page in texts and payloads: where an order has no link of its own."""

import json
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event

from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from contracts.sms.sender_bodies import DltTemplatePut
from contracts.sms.templates import shipped
from store.db.database import Database
from store.deliveries import planning
from store.sms.senders import put_dlt_template, put_sender
from store.sms.templates import put_template
from store.tables import PartnerRow, TrackingLinkRow
from store.tracking.links import LinkedOrder, link_token
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, RULES, WITH_CALLBACKS, Shelf, an_event, of_its_own_order

ORDER = LinkedOrder("shop", "ORD-1")
PUBLIC = "https://doorstep.example"
OWN = "https://parcels.example/ORD-1"


def order_with(url: str | None) -> dict[str, Any]:
    return make_groups(order=make_order(tracking_url=url))


async def page_link(shelf: Shelf, order: LinkedOrder = ORDER) -> str:
    return f"{PUBLIC}/t/{await shelf.database.write(link_token, order, NOW)}"


class TestTexts:
    async def body(
        self, shelf: Shelf, rules: TextRules = WITH_CALLBACKS, **event: Any
    ) -> tuple[str, int]:
        """The words of a text, and how many links there are for it."""
        text = await shelf.text(an_event(**event))
        ready = await text.ready(rules=rules)
        return ready.body, await shelf.count(TrackingLinkRow)

    async def test_it_has_the_page_s_link(self, shelf: Shelf) -> None:
        body, links = await self.body(shelf)
        assert (await page_link(shelf)) in body
        assert links == 1

    async def test_an_order_s_own_link_goes_first(self, shelf: Shelf) -> None:
        body, links = await self.body(shelf, data=order_with(OWN))
        assert OWN in body
        assert (PUBLIC in body, links) == (False, 0)

    async def test_without_a_public_address_there_is_none(self, shelf: Shelf) -> None:
        body, links = await self.body(shelf, RULES)
        assert ("http" in body, links) == (False, 0)

    async def test_where_the_page_is_off_there_is_none(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb", tracking_enabled=False)
        [text] = await shelf.texts(1)
        assert "http" not in (await text.ready(rules=WITH_CALLBACKS)).body
        assert await shelf.count(TrackingLinkRow) == 0

    async def test_a_text_that_says_no_link_makes_none(self, shelf: Shelf) -> None:
        body, links = await self.body(shelf, event_type="delivered")
        assert ("http" in body, links) == (False, 0)

    async def test_a_test_text_leads_to_the_test_page(self, shelf: Shelf) -> None:
        body, _ = await self.body(shelf, is_test=True)
        assert (await page_link(shelf, LinkedOrder("shop", "ORD-1", is_test=True))) in body

    @pytest.mark.parametrize(
        ("prefix", "is_there"), [("https://elsewhere.example/", False), (f"{PUBLIC}/", True)]
    )
    async def test_it_goes_to_india_only_where_its_address_is_registered(
        self, shelf: Shelf, prefix: str, is_there: bool
    ) -> None:
        await register(shelf, prefix)
        body, _ = await self.body(shelf)
        assert (PUBLIC in body) is is_there

    @pytest.mark.parametrize(
        ("prefix", "warnings"), [("https://elsewhere.example/", 1), (f"{PUBLIC}/", 0)]
    )
    async def test_the_linter_says_where_it_is_not(
        self, shelf: Shelf, prefix: str, warnings: int
    ) -> None:
        await shelf.add_partner(tier="smb")
        await register(shelf, prefix)
        place = ("shop", EventType.ORDER_CONFIRMED, Language.ENGLISH)
        text = shipped(*place[1:])[1]
        _, findings = await shelf.database.write(
            put_template, *place, text, NOW, actor="t", rules=WITH_CALLBACKS
        )
        assert sum(f"{PUBLIC}/t/" in one.message for one in findings) == warnings


async def register(shelf: Shelf, prefix: str) -> None:
    """Register the sender, what its links begin with, and the shipped text in both ways."""
    write = shelf.database.write
    await write(put_sender, "DRSTEP", "1101", "DRSTEP", NOW, actor="t", link_prefixes=[prefix])
    for number, tail in enumerate(("", " Track: {#url#}")):
        asked = DltTemplatePut.model_validate(
            {
                "event_type": "order_confirmed",
                "language": "en",
                "category": "service_implicit",
                "text": "{#alphanumeric#}: your order {#alphanumeric#} is confirmed." + tail,
            }
        )
        await write(put_dlt_template, "DRSTEP", f"11071{number}", asked, NOW, actor="t")


class TestPayloads:
    @pytest.fixture
    async def wanting(self, shelf: Shelf) -> Shelf:
        """A partner that wants the link in its payloads."""
        await shelf.add_partner(tracking_enabled=True, tracking_url_in_payload=True)
        await shelf.add_endpoint()
        return shelf

    async def url(self, shelf: Shelf, public_url: str | None = PUBLIC, **event: Any) -> str | None:
        """The `tracking_url` of an event's payload."""
        accepted = await shelf.accept(an_event(**event))
        await shelf.database.write(
            planning.plan_events, [accepted.event_id], NOW, public_url=public_url
        )
        payload = json.loads(await shelf.payload_bytes(accepted.event_id))
        url: str | None = payload["data"]["order"]["tracking_url"]
        return url

    async def test_it_has_the_page_s_link(self, wanting: Shelf) -> None:
        assert await self.url(wanting) == await page_link(wanting)

    async def test_an_order_s_own_link_stays(self, wanting: Shelf) -> None:
        assert await self.url(wanting, data=order_with(OWN)) == OWN

    async def test_without_a_public_address_it_is_null(self, wanting: Shelf) -> None:
        assert await self.url(wanting, None) is None

    @pytest.mark.parametrize("switch", ["tracking_enabled", "tracking_url_in_payload"])
    async def test_a_partner_that_does_not_want_it_has_null(
        self, wanting: Shelf, switch: str
    ) -> None:
        await wanting.change(PartnerRow, "shop", **{switch: False})
        assert await self.url(wanting) is None
        assert await wanting.count(TrackingLinkRow) == 0

    @pytest.mark.parametrize(("wants", "statements"), [(True, 1), (False, 0)])
    async def test_a_group_of_events_costs_one_statement_and_none_where_nobody_wants_it(
        self, wanting: Shelf, database: Database, wants: bool, statements: int
    ) -> None:
        await wanting.change(PartnerRow, "shop", tracking_url_in_payload=wants)
        events = [await wanting.accept(of_its_own_order(an_event())) for _ in range(5)]
        seen: list[str] = []

        def note(_c: object, _u: object, statement: str, *_: object) -> None:
            seen.append(statement)

        sqlalchemy_event.listen(database.engine, "before_cursor_execute", note)
        ids = [one.event_id for one in events]
        await database.write(planning.plan_events, ids, NOW, public_url=PUBLIC)
        sqlalchemy_event.remove(database.engine, "before_cursor_execute", note)
        assert sum("tracking_links" in one for one in seen) == statements
        assert await wanting.count(TrackingLinkRow) == (5 if wants else 0)
