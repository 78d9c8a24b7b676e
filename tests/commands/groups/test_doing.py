"""What on-call does from the command line: send again, give up, switch, recover, pause."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sandbox.merchant import Merchant
from store.tables import DeadLetterRow
from tests.commands.groups.conftest import CommandLine, Dead, add_dead_letter
from tests.support.shelf import Shelf
from tests.support.stack import Stack

pytestmark = pytest.mark.extended


@asynccontextmanager
async def with_dead_letter(
    stack: Stack, shelf: Shelf, merchant: Merchant
) -> AsyncIterator[tuple[dict[str, Any], Dead]]:
    """An endpoint at a merchant with a dead letter, and only then a worker: it would send the event
    itself."""
    endpoint = await stack.add_endpoint(merchant.url)
    dead = await add_dead_letter(shelf)
    async with stack.worker():
        yield endpoint, dead


class TestDeliveries:
    async def test_one_is_sent_again_and_another_is_refused(
        self, line: CommandLine, stack: Stack, shelf: Shelf
    ) -> None:
        merchant = Merchant()
        async with merchant, with_dead_letter(stack, shelf, merchant) as (_, dead):
            asked = ("deliveries", "retry", dead.delivery_id, "dlv_none")
            first, second, count = await line.lines(*asked, code=1)
            assert first == [dead.delivery_id, "sent", "again"]
            assert second[:2] == ["dlv_none", "refused:"]
            assert count == ["1", "sent", "again,", "1", "refused"]
            await stack.delivery(dead.event_id, "delivered")
            again = await line.json("deliveries", "retry", dead.delivery_id, code=1)
            assert again["accepted"] == []
            assert "delivered" in again["refused"][0]["reason"]
            await line.lines("deliveries", "retry", dead.delivery_id, "--resend")
            await merchant.wait_for(2)


class TestDeadLetters:
    async def test_all_that_options_pick_are_sent_again(
        self, line: CommandLine, stack: Stack, shelf: Shelf
    ) -> None:
        endpoint = await stack.add_endpoint("http://127.0.0.1:9009/hook")
        made = [await add_dead_letter(shelf, f"ORD-{number}") for number in range(102)]
        nothing = await line.json("dead-letters", "retry", "--reason", "gone")
        assert nothing == {"accepted": [], "refused": []}
        done = await line.json("dead-letters", "retry", "--endpoint", endpoint["id"])
        assert sorted(done["accepted"]) == sorted(one.id for one in made)

    async def test_these_are_given_up(self, line: CommandLine, stack: Stack, shelf: Shelf) -> None:
        await stack.add_endpoint("http://127.0.0.1:9009/hook")
        kept, given_up = [await add_dead_letter(shelf, f"ORD-{number}") for number in range(2)]
        asked = ("dead-letters", "discard", given_up.id, "--reason", "mended by hand")
        assert (await line.lines(*asked))[0] == [given_up.id, "discarded"]
        assert (await shelf.one(DeadLetterRow, given_up.id)).note == "mended by hand"
        assert (await shelf.one(DeadLetterRow, kept.id)).resolved_at is None
        [closed] = await line.json("dead-letters", "list", "--closed")
        assert closed["id"] == given_up.id
        assert (await line.json(*asked, code=1))["refused"][0]["id"] == given_up.id

    async def test_nothing_is_sent_before_somebody_says_which(self, line: CommandLine) -> None:
        for which in ([], ["dl_1", "--all"], ["--all", "--partner", "shop"]):
            ended = await line.run("dead-letters", "retry", *which)
            assert ended.code == 2
            assert "say which ones" in ended.err


class TestEndpoints:
    async def test_one_is_switched_off_and_on_and_recovered(
        self, line: CommandLine, stack: Stack, shelf: Shelf
    ) -> None:
        merchant = Merchant()
        async with merchant, with_dead_letter(stack, shelf, merchant) as (endpoint, dead):
            [off] = await line.lines("endpoints", "disable", endpoint["id"])
            assert off == [endpoint["id"], "disabled", endpoint["url"]]
            refused = await line.run("endpoints", "recover", endpoint["id"])
            assert refused.code == 2
            assert "409" in refused.err
            [on] = await line.lines("endpoints", "enable", endpoint["id"])
            assert on[1] == "enabled"
            [would] = await line.lines("endpoints", "recover", endpoint["id"], "--preview")
            assert would[0] == "1"
            recovery = await line.json("endpoints", "recover", endpoint["id"])
            assert (recovery["state"], recovery["requested"], recovery["found"]) == ("done", 1, 1)
            await stack.delivery(dead.event_id, "delivered")
            shown = await line.lines("endpoints", "show", endpoint["id"])
            assert any(row[:4] == [recovery["id"], "done", "1", "1"] for row in shown)


class TestPartners:
    async def test_one_is_paused_and_resumed(self, line: CommandLine) -> None:
        [paused] = await line.lines("partners", "pause", "shop")
        assert paused[:3] == ["shop", "paused", "since"]
        assert (await line.json("partners", "show", "shop"))["paused_at"] is not None
        [resumed] = await line.lines("partners", "resume", "shop")
        assert resumed == ["shop", "not", "paused"]
