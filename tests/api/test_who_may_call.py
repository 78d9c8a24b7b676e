"""Every route with every scope, without a key, and with another partner's ids.

The routes are the app's own: one that nobody has put into `route_rules.py` fails here.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from contracts.access.callers import Scope
from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.recoveries import RecoveryRequest
from contracts.delivery.states import Channel, DeadLetterReason
from contracts.delivery.verdicts import Answer
from contracts.instructions.posts import PostInstructions
from contracts.outcomes.baselines import Baseline
from contracts.payload.events import EventType
from contracts.sms.bodies import OptOutCreate
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from contracts.sms.sender_bodies import DltTemplatePut
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.instructions.posts import ReadyPost, settle_post
from store.outcomes.baselines import put_baseline
from store.partners.notification_webhooks import put_notification_webhook
from store.recoveries.recoveries import begin_recovery
from store.sms.opt_outs import add_opt_out
from store.sms.senders import put_dlt_template, put_sender
from store.sms.suspensions import partner_scope, suspend
from store.sms.templates import put_template
from store.tables import DeadLetterRow, InstructionRow, PartnerRow
from store.tracking.links import LinkedOrder, link_token
from tests.api.route_rules import (
    A_CONTENT_TEMPLATE,
    A_REGISTRATION,
    OPEN,
    OPEN_BELOW,
    PATH_WORDS,
    RULES,
    Ids,
)
from tests.support.bare_app import BARE_APP
from tests.support.instructions import Counter, a_failed_delivery
from tests.support.keys import make_key
from tests.support.postgres import Rows, all_rows, empty, restore
from tests.support.shelf import NOW, Shelf, an_event, planned_of

TAKEN = {200, 201, 202, 204}
TEMPORAL_IS_AWAY = 503
UNKNOWN: Ids = {
    "partner_id": "nobody",
    "endpoint_id": "ep_none",
    "event_id": "evt-none",
    "delivery_id": "dlv_none",
    "dead_letter_id": "dl_none",
    "recovery_id": "rcv_none",
    "instruction_id": "ins_none",
    "order_id": "ORD-none",
    "key_id": "key_none",
    "suspension_id": "stop_none",
    "opt_out_id": "opt_none",
    "sender": "NOSUCH",
    "content_template_id": "1100000000000000000",
}


def routes_of(app: FastAPI) -> list[str]:
    """Every route of the app, such as `GET /v1/events`, in the schema or not."""
    return sorted(
        f"{method} {context.path}"
        for context in iter_route_contexts(app.routes)
        for method in set(context.methods or ()) - {"HEAD"}
    )


ROUTES = routes_of(BARE_APP)
PARTNERS_ROUTES = [route for route in RULES if Scope.PARTNER in RULES[route].scopes]
ALLOWED = [(route, scope) for route in RULES for scope in Scope if scope in RULES[route].scopes]
WITH_AN_ID = [one for one in PARTNERS_ROUTES if any(f"{{{name}" in one for name in UNKNOWN)]


@dataclass(frozen=True)
class World:
    """Two partners with one of everything each, and a client for each kind of key."""

    shop: Ids
    rival: Ids
    clients: dict[Scope, httpx.AsyncClient]
    """The partner's key is the shop's."""

    async def call(self, route: str, scope: Scope, ids: Ids) -> httpx.Response:
        """Call a route as its rule says, with these ids."""
        return await call(self.clients[scope], route, ids)


async def call(client: httpx.AsyncClient, route: str, ids: Ids) -> httpx.Response:
    """Call a route with these ids in its path, its query and its body."""
    method, path = route.split()
    rule = RULES[route]
    body = rule.body(ids)
    return await client.request(
        method,
        re.sub(r"\{(\w+)(?::path)?\}", lambda name: {**PATH_WORDS, **ids}[name[1]], path),
        params=rule.query(ids),
        json=body,
        content=rule.content,
    )


async def furnish(shelf: Shelf, partner_id: str) -> tuple[Ids, str]:
    """A partner with one of everything; gives its ids, and its key."""
    phone = "+919812345678"
    await shelf.add_partner(partner_id, "enterprise", sms_enabled=True, contact_phone=phone)
    endpoint = await shelf.add_endpoint(partner_id)
    now = utc_now()
    event = an_event(partner_id=partner_id, occurred_at=now.isoformat())
    plan = await shelf.plan(event, now=now)
    planned = planned_of(plan, lambda one: one.channel is Channel.SMS)
    dead = planned_of(plan, lambda one: one.channel is Channel.WEBHOOK)
    dead_letter = RecordDeadLetter(dead.delivery_id, DeadLetterReason.EXHAUSTED)
    await shelf.database.write(record_dead_letter, dead_letter, NOW)
    [kept] = await shelf.all_of(DeadLetterRow, dead.delivery_id)
    refused = RecordDeadLetter(planned.delivery_id, DeadLetterReason.REJECTED)
    await shelf.database.write(record_dead_letter, refused, NOW)
    recovering = await shelf.add_endpoint(partner_id)
    recovery = await shelf.database.write(
        begin_recovery, recovering.id, RecoveryRequest(), now, actor="test"
    )
    await shelf.change(PartnerRow, partner_id, tracking_enabled=True)
    key_id, token = await make_key(shelf.database, Scope.PARTNER, partner_id)
    texts = await furnish_texts(shelf.database, partner_id)
    instruction = await furnish_instruction(shelf, partner_id)
    await furnish_baseline(shelf, partner_id)
    told_at = f"https://{partner_id}.example/told"
    await shelf.database.write(put_notification_webhook, partner_id, told_at, now, actor="test")
    order = LinkedOrder(partner_id, instruction.order_id)
    await shelf.database.write(link_token, order, now)
    ids = {
        "partner_id": partner_id,
        "endpoint_id": endpoint.id,
        "event_id": event.event_id,
        "delivery_id": planned.delivery_id,
        "dead_letter_id": kept.id,
        "recovery_id": recovery.id,
        "key_id": key_id,
        "instruction_id": instruction.id,
        "order_id": instruction.order_id,
        **texts,
    }
    return ids, token


async def furnish_instruction(shelf: Shelf, partner_id: str) -> InstructionRow:
    """An instruction that is open, and whose post is a dead letter."""
    order_id, now = f"FAILED/{partner_id}", utc_now()
    event = a_failed_delivery(order_id, now).model_copy(update={"partner_id": partner_id})
    await shelf.accept(event, now=now)
    given = await Counter(shelf).give(order_id=order_id, partner_id=partner_id, now=now)
    task = PostInstructions(partner_id, order_id)
    ready = await Counter(shelf).begin_post(now, task)
    assert isinstance(ready, ReadyPost)
    gone = Answer("http_410", 410)
    await shelf.database.write(settle_post, ready.attempt_id, gone, now)
    return given


async def furnish_baseline(shelf: Shelf, partner_id: str) -> None:
    """A baseline, and a day of history to measure one by."""
    day = date(2025, 7, 1)
    given = Baseline(PATH_WORDS["figure"], Decimal("0.8"), day, day)
    await shelf.database.write(put_baseline, partner_id, given, NOW, actor="test")
    history = a_failed_delivery(f"BEFORE/{partner_id}", datetime(2025, 7, 1, 12, tzinfo=UTC))
    changes = {"partner_id": partner_id, "notify": False}
    await shelf.accept(history.model_copy(update=changes))


async def furnish_texts(database: Database, partner_id: str) -> Ids:
    """An opt-out and a text of a partner's own, a stop; and a sender with a template, named after
    it."""
    wish = OptOutCreate(partner_id=partner_id, phone="+919876543210")
    opt_out = await database.write(add_opt_out, wish, NOW, actor="test")
    place = (partner_id, EventType.ORDER_CONFIRMED, Language.ENGLISH)
    own = "{shop} has your order {order_id}."
    await database.write(put_template, *place, own, NOW, actor="test", rules=TextRules())
    sender, content_id = partner_id.upper(), "1107160000000000123"
    entity_id, header = A_REGISTRATION.values()
    await database.write(put_sender, sender, entity_id, header, NOW, actor="test")
    asked = DltTemplatePut.model_validate(A_CONTENT_TEMPLATE)
    await database.write(put_dlt_template, sender, content_id, asked, NOW, actor="test")
    reason, scope = "a test", partner_scope(partner_id)
    stop = await database.write(suspend, scope, NOW, reason=reason, made_by="test")
    return {
        "suspension_id": stop.id,
        "opt_out_id": opt_out.id,
        "sender": sender,
        "content_template_id": content_id,
    }


@dataclass(frozen=True)
class Furnished:
    """The rows of the two partners, and the keys to them."""

    rows: Rows
    shop: Ids
    rival: Ids
    tokens: dict[Scope, str]


@pytest.fixture(scope="module")
async def furnished(shared_database: Database) -> Furnished:
    """The two partners, made once: each test has a copy."""
    shelf = Shelf(shared_database)
    shop, shop_key = await furnish(shelf, "shop")
    rival, _ = await furnish(shelf, "rival")
    tokens = {
        Scope.OMS: (await make_key(shared_database, Scope.OMS))[1],
        Scope.OPS: (await make_key(shared_database, Scope.OPS))[1],
        Scope.PARTNER: shop_key,
    }
    rows = all_rows(shared_database)
    empty(shared_database)
    return Furnished(rows, shop, rival, tokens)


@pytest.fixture
def database(furnished: Furnished, shared_database: Database) -> Iterator[Database]:
    """The database with the two partners."""
    restore(shared_database, furnished.rows)
    yield shared_database
    empty(shared_database)


@pytest.fixture
async def world(app: FastAPI, furnished: Furnished) -> AsyncIterator[World]:
    """The two partners, where customers reach their pages."""
    address = replace(app.state.parts.text_rules, public_url="http://doorstep.test")
    app.state.parts = replace(app.state.parts, text_rules=address)
    clients = {
        scope: httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://doorstep.test",
            headers={"authorization": f"Bearer {token}"},
        )
        for scope, token in furnished.tokens.items()
    }
    yield World(furnished.shop, furnished.rival, clients)
    for client in clients.values():
        await client.aclose()
    await app.state.parts.keys.settle()


class TestTheTable:
    def test_every_route_is_in_it(self) -> None:
        closed = [one for one in ROUTES if one not in OPEN and not one.startswith(OPEN_BELOW)]
        assert [one for one in closed if one not in RULES] == [], (
            "what is new: add it to RULES in tests/api/route_rules.py with the scopes that may "
            "call it and a request that it takes, or to OPEN if anyone may call it"
        )

    def test_it_has_no_route_that_is_gone(self) -> None:
        assert [route for route in RULES if route not in ROUTES] == []

    def test_a_route_that_takes_a_partner_is_tried_with_another_s(self) -> None:
        taking = [
            one for one in PARTNERS_ROUTES if one in ROUTES and "partner_id" in inputs_of(one)
        ]
        assert [one for one in taking if partner_named_by(one) != "nobody"] == [], (
            'let their query or body in route_rules.py name ids["partner_id"]'
        )


class TestScopes:
    @pytest.mark.parametrize(("route", "scope"), ALLOWED)
    async def test_a_key_may_call_what_its_scope_allows(
        self, world: World, route: str, scope: Scope
    ) -> None:
        answer = await world.call(route, scope, world.shop)
        assert answer.status_code in TAKEN | {TEMPORAL_IS_AWAY}, answer.text

    async def test_a_key_may_call_nothing_else(self, world: World) -> None:
        refused = [(route, one) for route in RULES for one in Scope if (route, one) not in ALLOWED]
        answers = {
            f"{route} with the scope {scope}": await world.call(route, scope, world.shop)
            for route, scope in refused
        }
        assert faults_of(answers, is_forbidden) == {}

    async def test_without_a_key_nobody_may(
        self, stranger: httpx.AsyncClient, world: World
    ) -> None:
        answers = {route: await call(stranger, route, world.shop) for route in RULES}
        assert faults_of(answers, asks_for_a_key) == {}

    @pytest.mark.parametrize("route", [one for one in ROUTES if one not in RULES])
    async def test_what_is_open_asks_for_no_key(
        self, stranger: httpx.AsyncClient, route: str
    ) -> None:
        method, path = route.split()
        answer = await stranger.request(method, path)
        assert answer.status_code != 401
        assert (answer.status_code == 403) is (route == "POST /v1/sms/status")  # not signed


class TestAnotherPartnersIds:
    async def test_they_are_not_found(self, world: World) -> None:
        answers = {
            route: await world.call(route, Scope.PARTNER, world.rival) for route in WITH_AN_ID
        }
        assert faults_of(answers, lambda answer: answer.status_code == 404) == {}

    @pytest.mark.parametrize("route", PARTNERS_ROUTES)
    async def test_they_are_told_from_unknown_ones_by_nothing(
        self, world: World, route: str
    ) -> None:
        theirs = await world.call(route, Scope.PARTNER, world.rival)
        unknown = await world.call(route, Scope.PARTNER, UNKNOWN)
        assert theirs.status_code == unknown.status_code
        assert _without(theirs.text, world.rival) == _without(unknown.text, UNKNOWN)

    async def test_no_list_shows_them(self, world: World) -> None:
        client = world.clients[Scope.PARTNER]
        lists = [one for one in PARTNERS_ROUTES if "{" not in one]
        answers = {route: await client.request(*route.split()) for route in lists}
        names = world.rival.values()
        assert faults_of(answers, lambda one: not any(name in one.text for name in names)) == {}


def faults_of(
    answers: dict[str, httpx.Response], is_well: Callable[[httpx.Response], bool]
) -> dict[str, str]:
    """The answers that are not as they have to be, each in words."""
    return {
        asked: f"{answer.status_code} {answer.text}"
        for asked, answer in answers.items()
        if not is_well(answer)
    }


def is_forbidden(answer: httpx.Response) -> bool:
    """Whether the key was refused, with what to use in its place."""
    told = answer.json() if answer.status_code == 403 else {}
    return told.get("type") == "/problems/forbidden" and (
        "use a key with the scope" in told["detail"]
    )


def asks_for_a_key(answer: httpx.Response) -> bool:
    """Whether a key was asked for."""
    return answer.status_code == 401 and answer.headers.get("www-authenticate") == "Bearer"


def inputs_of(route: str) -> set[str]:
    """The names that a route takes in its query and at the top of its body."""
    method, path = route.split()
    described = BARE_APP.openapi()
    operation = described["paths"].get(path, {}).get(method.lower(), {})
    names = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for schema in (body.get("schema", {}), *body.get("schema", {}).get("anyOf", [])):
        name = schema.get("$ref", "").rpartition("/")[2]
        names |= set(described["components"]["schemas"].get(name, {}).get("properties", {}))
    return names


def partner_named_by(route: str) -> object:
    """The partner that a route's query or body names where nobody is known."""
    rule = RULES[route]
    return {**(rule.query(UNKNOWN) or {}), **(rule.body(UNKNOWN) or {})}.get("partner_id")


def _without(text: str, ids: Ids) -> str:
    for name, value in ids.items():
        text = text.replace(value, name)
    return text
