"""What the command line shows of events, deliveries, dead letters, endpoints and partners."""

import json

import pytest

from contracts.notifications.messages import MessageState
from sandbox.merchant import Merchant
from tests.commands.groups.conftest import CommandLine, add_dead_letter
from tests.support.factories import make_event, make_groups, make_order
from tests.support.messages import MessageDraft, add_message, add_owner
from tests.support.shelf import Shelf
from tests.support.stack import Stack

pytestmark = pytest.mark.extended


async def test_a_delivered_event_and_its_attempt(line: CommandLine, stack: Stack) -> None:
    async with Merchant() as merchant, stack.worker():
        endpoint = await stack.add_endpoint(merchant.url)
        event_id = await stack.send(make_event(event_id="evt_1"))
        delivery = await stack.delivery(event_id, "delivered")
    [heading, event] = await line.lines("events", "list", "--since", "1h")
    assert heading[:3] == ["EVENT", "TYPE", "PARTNER"]
    assert event[:3] == [event_id, "order_confirmed", "shop"]
    assert event[-2:] == ["webhook", "delivered"]
    shown = await line.lines("events", "show", event_id)
    assert ["event", event_id] in shown
    assert any(row[:4] == [delivery["id"], "webhook", endpoint["id"], "delivered"] for row in shown)
    assert any(row[:5] == ["1", "scheduled", "succeeded", "http_200", "no"] for row in shown)
    status = await line.lines("events", "status", event_id)
    assert status[0] == [event_id, "planned"]
    assert status[2][:4] == [delivery["id"], "webhook", "delivered", "1"]


async def test_events_of_a_customer_whom_one_knows_a_little(
    line: CommandLine, stack: Stack
) -> None:
    order = make_order(order_id="ORD-7", partner_order_ref="#1042")
    event_id = await stack.send(make_event(data=make_groups(order=order)))
    for known in (
        ("--phone", "98765 43210"),
        ("--last-four", "3210"),
        ("--name", "asha", "--partner", "shop"),
        ("--ref", "1042"),
    ):
        assert [one["event_id"] for one in await line.json("events", "list", *known)] == [event_id]
    assert await line.json("events", "list", "--name", "Ravi") == []


async def test_one_delivery(line: CommandLine, stack: Stack, shelf: Shelf) -> None:
    endpoint = await stack.add_endpoint("http://127.0.0.1:9009/hook")
    dead = await add_dead_letter(shelf)
    shown = await line.lines("deliveries", "show", dead.delivery_id)
    assert ["to", endpoint["id"]] in shown
    assert ["state", "dead_lettered"] in shown
    [_, listed] = await line.lines("deliveries", "list", "--partner", "shop")
    assert listed[:5] == [dead.delivery_id, dead.event_id, "shop", endpoint["id"], "dead_lettered"]
    assert await line.json("deliveries", "list", "--partner", "shop", "--state", "held") == []
    found = await line.json("deliveries", "show", dead.delivery_id)
    assert found["event_id"] == dead.event_id


async def test_dead_letters_on_several_pages(line: CommandLine, stack: Stack, shelf: Shelf) -> None:
    await stack.add_endpoint("http://127.0.0.1:9009/hook")
    made = [await add_dead_letter(shelf, f"ORD-{number}") for number in range(102)]
    listed = await line.json("dead-letters", "list", "--limit", "101")
    assert [one["id"] for one in listed] == sorted((one.id for one in made), reverse=True)[:101]
    [_, newest] = await line.lines("dead-letters", "list", "--limit", "1")
    assert newest[0] == listed[0]["id"]
    assert await line.json("dead-letters", "list", "--closed") == []


async def test_an_endpoint_and_how_it_does(line: CommandLine, stack: Stack) -> None:
    endpoint = await stack.add_endpoint("http://127.0.0.1:9009/hook")
    [_, listed] = await line.lines("endpoints", "list")
    assert listed == [endpoint["id"], "shop", "enabled", endpoint["url"]]
    shown = await line.lines("endpoints", "show", endpoint["id"])
    assert ["health", "untried"] in shown
    found = await line.json("endpoints", "show", endpoint["id"])
    assert found["recoveries"] == []
    assert found["health"]["state"] == "untried"


async def test_what_people_were_told(line: CommandLine, stack: Stack) -> None:
    priya = await add_owner(stack.database)
    await add_message(stack.database)
    refused = MessageDraft(user_id=priya.id, state=MessageState.REFUSED, code="smtp_550", count=3)
    message_id = await add_message(stack.database, refused)
    [heading, listed] = await line.lines("notifications", "list", "--state", "refused")
    assert heading[0] == "MESSAGE"
    assert listed[:5] == [message_id, "endpoint_failing", "(3)", "shop", "email"]
    assert listed[5:9] == ["Priya", "Nair", "<p…@chaipoint.example>", "refused"]
    found = await line.json("notifications", "list")
    assert [one["state"] for one in found] == ["refused", "sent"]


async def test_a_partner_and_its_endpoints(line: CommandLine, stack: Stack) -> None:
    endpoint = await stack.add_endpoint("http://127.0.0.1:9009/hook")
    [heading, listed] = await line.lines("partners", "list")
    assert heading[0] == "PARTNER"
    assert listed[:4] == ["shop", "growth", "yes", "no"]
    shown = await line.lines("partners", "show", "shop")
    assert ["name", "Chai", "Point"] in shown
    assert any(endpoint["id"] in row for row in shown)


async def test_a_list_without_anything_says_so_beside_it(line: CommandLine) -> None:
    ended = await line.run("events", "list")
    assert (ended.code, ended.out, ended.err) == (0, "", "none\n")
    assert json.loads((await line.run("events", "list", "--json")).out) == []
