"""The demo's display: a moving table on a terminal, a line now and then where there is none."""

import io
from collections import Counter

from rich.console import Console

from commands.demo.merchants import CHAI, Receiver
from commands.demo.progress import Column, Progress
from commands.demo.screen import Screen, ScreenState
from sandbox.merchant import Merchant
from store.reports.ledger import Ledger

COUNTS = {
    (CHAI.id, "ep_1"): Counter({Column.DELIVERED: 40, Column.RETRYING: 3, Column.HELD: 2}),
    (CHAI.id, "sms"): Counter({Column.DELIVERED: 5}),
}
SEEN = ScreenState(
    Progress(Ledger(50, {"planned": 50}, 50, {"delivered": 45}), 0, COUNTS),
    propagation_s=[0.02, 0.04, 0.5],
    receivers=[Receiver(CHAI, "Chai Junction", "down, comes back", Merchant(), "ep_1")],
)
WORDS = (
    "events accepted 50 · delivered 40 · retrying 3 · held 2 · dead-lettered 0 · SMS 5 · "
    "propagation p50 40 ms, p95 500 ms"
)


async def look() -> ScreenState:
    return SEEN


async def follow(*, terminal: bool) -> str:
    out = io.StringIO()
    screen = Screen(Console(file=out, force_terminal=terminal, width=120, color_system=None))
    async with screen.following(look):
        screen.say("worker ended with signal 9 and is started again in 1 s")
    return out.getvalue()


async def test_without_a_terminal_it_prints_plain_lines() -> None:
    shown = await follow(terminal=False)
    assert WORDS in shown.splitlines()[-1]
    assert "\x1b" not in shown


async def test_on_a_terminal_it_has_a_line_for_each_endpoint_and_for_texts() -> None:
    shown = await follow(terminal=True)
    assert "Chai Junction" in shown
    assert "fallback SMS" in shown
    assert "down, comes back" in shown


async def test_what_is_said_meanwhile_is_seen() -> None:
    assert "worker ended with signal 9" in await follow(terminal=True)


async def test_a_long_line_is_not_broken_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    Screen(Console(file=out, width=20)).say("x" * 50)
    assert out.getvalue() == "x" * 50 + "\n"
