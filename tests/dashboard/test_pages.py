"""What pages are made of is read beside the taking of events, not in its way."""

import asyncio
import threading
from typing import Any

import pytest
from fluent_compiler.bundle import FluentBundle

from dashboard.translations import words_in
from tests.support.factories import make_event
from tests.support.stack import Stack
from tests.support.visitor import Visitor


async def test_the_first_page_delays_no_event(
    visitor: Visitor, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, read = threading.Event(), threading.Event(), FluentBundle.from_files

    def read_slowly(*args: Any, **options: Any) -> FluentBundle:
        begun.set()
        assert go_on.wait(20), "nothing else was done meanwhile"
        return read(*args, **options)

    monkeypatch.setattr(FluentBundle, "from_files", read_slowly)
    words_in.cache_clear()
    first_page = asyncio.create_task(visitor.get("/sign-in"))
    assert await asyncio.to_thread(begun.wait, 20)
    await stack.send(make_event())
    go_on.set()
    assert (await first_page).status == 200
