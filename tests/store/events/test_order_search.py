"""Orders are found by what people know of them; by nobody else's rows, and not after an erasure."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from benchmarks.plans import StatementPlan, explain
from contracts.payload.events import TrackingEvent
from contracts.payload.search_terms import read_search
from store.db.database import Database
from store.events.erasure import erase_customer, erase_events
from store.events.filters import EventFilter
from store.events.order_lookups import Match
from store.events.order_search import FoundOrders, search_orders
from store.events.search import list_events
from store.retention.dropping import drop_events
from store.tables import CustomerTermRow, EventRow, OrderNumberRow
from tests.contracts.payload.test_search_terms import HOSTILE, phone_spelled, spelled_again
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, after, an_event

PHONE, OTHER = "+919876500001", "+919812345670"


def an_order(event_type: str = "order_confirmed", **order: object) -> TrackingEvent:
    """An event of an order of Meena's, or of whose it is said to be."""
    partner_id = str(order.pop("partner_id", "shop"))
    known = {
        "order_id": "ORD-B-012",
        "partner_order_ref": "#1042",
        "awb_number": "DS7700012",
        "customer": {"name": "Meena Rao", "phone": PHONE},
        "ordered_at": (NOW - timedelta(hours=1)).isoformat(),
    }
    groups = make_groups(order=make_order(**{**known, **order}))
    groups["otp"] = {
        "code": "483920",
        "valid_from": NOW.isoformat(),
        "valid_until": (NOW + timedelta(minutes=30)).isoformat(),
    }
    return an_event(event_type, partner_id=partner_id, data=groups)


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """Two partners, and an order of the first."""
    await shelf.add_partner()
    await shelf.add_partner("other")
    await shelf.accept(an_order())
    return shelf


async def found(shelf: Shelf, typed: str, owner: str | None = "shop", most: int = 9) -> FoundOrders:
    """What a search finds."""
    asked = read_search(typed)
    return await shelf.database.read(search_orders, asked, owner=owner, most=most)


class TestOneOrder:
    @pytest.mark.parametrize(
        ("typed", "match"),
        [
            ("ORD-B-012", Match.ORDER),
            ("#ord b 012", Match.ORDER),
            ("1042", Match.REF),
            ("#1042", Match.REF),
            ("ds7700012", Match.AWB),
            ("98765 00001", Match.PHONE),
            ("09876500001", Match.PHONE),
            ("+91 98765-00001", Match.PHONE),
            ("0001", Match.LAST_FOUR),
            ("Meena", Match.NAME),
            ("rao MEENA", Match.NAME),
            ("ORD-B", Match.ORDER_PART),
            ("104", Match.REF_PART),
            ("DS77", Match.AWB_PART),
        ],
    )
    async def test_it_is_found(self, shop: Shelf, typed: str, match: Match) -> None:
        for owner in ("shop", None):
            [order] = (await found(shop, typed, owner)).orders
            assert (order.partner_id, order.order_id) == ("shop", "ORD-B-012")
            assert order.matches == (match,)
        assert (await found(shop, typed, "other")).orders == []

    async def test_it_is_found_by_an_event_s_id(self, shop: Shelf) -> None:
        event = await shop.accept(an_order("out_for_delivery"))
        [order] = (await found(shop, event.event_id)).orders
        assert order.matches == (Match.EVENT,)
        assert (await found(shop, event.event_id, "other")).orders == []

    @pytest.mark.parametrize("typed", ["Meena Kulkarni", "Meen", "Ra", "0002", "ORD-C", "1042x"])
    async def test_it_is_not_found_by_what_it_has_not(self, shop: Shelf, typed: str) -> None:
        assert (await found(shop, typed)).orders == []

    @pytest.mark.parametrize(
        ("typed", "count"), [("rao meena devi", 1), ("devi rao", 1), ("Meena Devi Iyer", 0)]
    )
    async def test_it_is_found_by_three_words_of_a_name(
        self, shop: Shelf, typed: str, count: int
    ) -> None:
        await shop.accept(an_order(customer={"name": "Meena Devi Rao", "phone": PHONE}))
        assert len((await found(shop, typed)).orders) == count

    async def test_it_is_shown_once_with_its_latest_event(self, shop: Shelf) -> None:
        await shop.accept(an_order("delivered"), now=after(9))
        [order] = (await found(shop, "98765 00001")).orders
        assert (order.last_type, order.first_at) == ("delivered", NOW)

    async def test_it_is_found_by_a_number_that_it_got_or_had(self, shop: Shelf) -> None:
        customer = {"name": "Meena Rao", "phone": OTHER}
        await shop.accept(an_order("out_for_delivery", awb_number="DS999", customer=customer))
        for typed in ("DS999", "DS7700012", PHONE, OTHER):
            assert (await found(shop, typed)).the_one is not None, typed


class TestWhatIsMeant:
    async def test_a_whole_number_is_meant_before_those_that_begin_with_it(
        self, shop: Shelf
    ) -> None:
        await shop.accept(an_order(order_id="ORD-B-0123", partner_order_ref="10423"))
        search = await found(shop, "ORD-B-012")
        assert [one.order_id for one in search.orders] == ["ORD-B-012", "ORD-B-0123"]
        assert search.the_one == search.orders[0]

    async def test_four_digits_may_be_a_phone_s_too(self, shop: Shelf) -> None:
        customer = {"name": "Ravi", "phone": "+919812341042"}
        await shop.accept(an_order(order_id="ORD-7", partner_order_ref=None, customer=customer))
        search = await found(shop, "1042")
        assert {one.matches for one in search.orders} == {(Match.REF,), (Match.LAST_FOUR,)}
        assert search.the_one is None

    async def test_a_name_names_nobody_for_certain(self, shop: Shelf) -> None:
        assert (await found(shop, "Meena Rao")).the_one is None

    async def test_a_customer_of_two_orders_has_both_the_newest_first(self, shop: Shelf) -> None:
        await shop.accept(an_order(order_id="ORD-7", partner_order_ref=None), now=after(60))
        search = await found(shop, PHONE)
        assert [one.order_id for one in search.orders] == ["ORD-7", "ORD-B-012"]
        assert search.the_one is None

    async def test_more_than_are_shown_is_said(self, shop: Shelf) -> None:
        for number in range(4):
            await shop.accept(an_order(order_id=f"ORD-{number}", partner_order_ref=None))
        search = await found(shop, "Meena", most=3)
        assert (len(search.orders), [*search.more]) == (3, ["shop"])
        assert (await found(shop, "Meena", most=5)).more == set()

    async def test_every_partner_s_are_found_by_ops(self, shop: Shelf) -> None:
        await shop.accept(an_order(partner_id="other"))
        for typed in ("ORD-B-012", PHONE, "0001", "Meena", "1042", "ord-b"):
            search = await found(shop, typed, None)
            assert {one.partner_id for one in search.orders} == {"shop", "other"}, typed


class TestManyOrders:
    """Whatever they are called: by any spelling, and never by another partner."""

    @pytest.fixture
    async def many(self, shop: Shelf) -> list[TrackingEvent]:
        """Forty orders of each of the two, of numbers and people of all kinds."""
        choice = random.Random(20)
        letters = "ABCXYZ0123456789-/ #_.éßक"
        events = [
            an_order(
                partner_id=("shop", "other")[number % 2],
                order_id=f"{''.join(choice.choices(letters, k=6)).strip()}{number}",
                partner_order_ref=f"{''.join(choice.choices(letters, k=4)).strip()}{number}Q",
                awb_number=f"{choice.randrange(10**9)}W{number}",
                customer={
                    "name": choice.choice(["Asha Rao", "İnci Straße", "आशा राव", "Mo O'Neil"]),
                    "phone": f"+91{choice.randrange(6 * 10**9, 10**10)}",
                },
            )
            for number in range(80)
        ]
        for event in events:
            await shop.accept(event)
        return events

    async def test_each_is_found_by_any_spelling_of_any_number(
        self, shop: Shelf, many: list[TrackingEvent]
    ) -> None:
        for seed, event in enumerate(many):
            order = event.data.order
            rival = "other" if event.partner_id == "shop" else "shop"
            numbers = (order.order_id, order.partner_order_ref, order.awb_number)
            spelled = [spelled_again(one, seed % 10) for one in numbers if one]
            assert order.customer is not None
            assert order.customer.phone is not None
            spelled.append(phone_spelled(order.customer.phone, seed % 10))
            for typed in spelled:
                own = await found(shop, typed, event.partner_id)
                assert order.order_id in [one.order_id for one in own.orders], typed
                theirs = await found(shop, typed, rival)
                assert {one.partner_id for one in theirs.orders} <= {rival}
                assert order.order_id not in [one.order_id for one in theirs.orders]

    async def test_what_is_hostile_finds_nothing(
        self, shop: Shelf, many: list[TrackingEvent]
    ) -> None:
        asked = [(typed, owner) for typed in HOSTILE for owner in ("shop", None)]
        orders = {one: (await found(shop, *one)).orders for one in asked}
        assert {one: there for one, there in orders.items() if there} == {}


class TestErasing:
    async def test_nothing_but_the_order_s_own_number_finds_it_afterwards(
        self, shop: Shelf
    ) -> None:
        assert (await shop.database.write(erase_customer, PHONE, NOW, limit=9)).events == 1
        for typed in (PHONE, "0001", "Meena", "1042", "DS7700012"):
            assert (await found(shop, typed)).orders == [], typed
        assert (await found(shop, "ORD-B-012")).the_one is not None
        assert await shop.count(CustomerTermRow) == 0
        assert [row.kind for row in await shop.all_rows(OrderNumberRow)] == ["order"]

    async def test_what_another_event_still_says_stays(self, shop: Shelf) -> None:
        await shop.accept(an_order("delivered", customer={"name": "Meena Iyer", "phone": OTHER}))
        assert (await shop.database.write(erase_customer, PHONE, NOW, limit=9)).events == 1
        for typed in (PHONE, "0001", "Rao"):
            assert (await found(shop, typed)).orders == [], typed
        for typed in (OTHER, "5670", "Meena", "Iyer", "1042", "DS7700012"):
            assert len((await found(shop, typed)).orders) == 1, typed

    async def test_an_event_that_does_not_open_stops_no_erasure_and_is_erased_by_its_phone(
        self, shop: Shelf
    ) -> None:
        broken, other = an_order("delivered"), an_order("out_for_delivery")
        await shop.accept(broken)
        await shop.accept(other)
        await shop.change(EventRow, broken.event_id, body="not sealed")
        await shop.database.write(erase_events, [other.event_id], NOW)
        assert (await shop.database.write(erase_customer, PHONE, NOW, limit=9)).events == 2
        assert await shop.count(CustomerTermRow) == 0

    async def test_of_the_same_customer_s_other_orders_it_takes_nothing_by_one_event(
        self, shop: Shelf
    ) -> None:
        second = an_order(order_id="ORD-7", partner_order_ref=None)
        await shop.accept(second)
        await shop.database.write(erase_events, [second.event_id], NOW)
        assert (await found(shop, PHONE)).the_one is not None

    async def test_with_an_order_s_last_event_all_of_it_is_dropped(self, shop: Shelf) -> None:
        [event] = await shop.all_rows(EventRow)
        await shop.database.write(drop_events, "shop", [event.event_id], ["ORD-B-012"])
        assert await shop.count(OrderNumberRow) == await shop.count(CustomerTermRow) == 0


class TestTheLog:
    @pytest.mark.parametrize(
        "wanted",
        [
            EventFilter(partner_order_ref="1042"),
            EventFilter(phone=PHONE),
            EventFilter(phone_last_four="0001"),
            EventFilter(customer_name="rao"),
            EventFilter(phone=PHONE, customer_name="Meena", partner_order_ref="#1042"),
        ],
    )
    async def test_it_is_narrowed_by_what_is_known(self, shop: Shelf, wanted: EventFilter) -> None:
        await shop.accept(an_order("delivered", order_id="ORD-7", **NOBODY))
        for owner, count in (("shop", 1), (None, 1), ("other", 0)):
            rows = await shop.database.read(list_events, wanted, owner=owner, after=None, limit=9)
            assert [row.order_id for row in rows] == ["ORD-B-012"] * count

    async def test_everything_known_has_to_hold(self, shop: Shelf) -> None:
        wanted = EventFilter(phone=PHONE, customer_name="Asha")
        assert await shop.database.read(list_events, wanted, after=None, limit=9) == []


NOBODY = {"partner_order_ref": "7", "customer": None}


@pytest.fixture
async def filled(shop: Shelf) -> Database:
    """Twenty thousand orders of a hundred partners, of which the database knows the figures."""
    with shop.database.engine.begin() as connection:
        for statement in _MANY:
            connection.execute(text(statement))
    return shop.database


_MANY = (
    """INSERT INTO partners SELECT (jsonb_populate_record(shop, jsonb_build_object(
        'id', 'shop-' || n))).* FROM partners AS shop, generate_series(1, 100) AS n
        WHERE shop.id = 'shop'""",
    """INSERT INTO order_numbers SELECT 'shop-' || n % 100, 'ORD-' || n, 'order', 'ord' || n,
        now() - n * interval '1 minute' FROM generate_series(1, 20000) AS n""",
    """INSERT INTO customer_terms SELECT 'shop-' || n % 100, 'ORD-' || n, md5((n % 50)::text),
        now() - n * interval '1 minute' FROM generate_series(1, 20000) AS n""",
    "ANALYZE partners, order_numbers, customer_terms, events",
)


class TestPlans:
    async def test_every_search_goes_by_its_indexes(self, filled: Database) -> None:
        for typed, indexes in {
            "ORD-1907": {"ix_order_numbers"},
            "ORD-19": {"ix_order_numbers"},
            "98765 00001": {"ix_order_numbers", "ix_customer_terms"},
            "0001": {"ix_order_numbers", "ix_customer_terms"},
            "Meena Rao": {"ix_order_numbers", "ix_customer_terms"},
            "Meena Rao Iyer": {"ix_order_numbers", "ix_customer_terms", "customer_terms_pkey"},
        }.items():
            for owner in ("shop-7", None):
                plans = await filled.read(plans_of_a_search, typed, owner)
                used = {index for plan in plans for index in plan.indexes}
                assert used >= indexes, (typed, owner, plans)
                whole = [plan for plan in plans if plan.reads_a_whole_table and not _is_small(plan)]
                assert whole == [], (typed, owner)


def plans_of_a_search(session: Session, typed: str, owner: str | None) -> list[StatementPlan]:
    """How what somebody types is looked for."""
    asked = read_search(typed)
    return explain(session, lambda inside: search_orders(inside, asked, owner=owner, most=5))


def _is_small(plan: StatementPlan) -> bool:
    """Of tables of a few rows, which are read whole; keys only where this process has not yet."""
    return "Seq Scan on partners" in plan.plan or "Seq Scan on sealed_keys" in plan.plan
