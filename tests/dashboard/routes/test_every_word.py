"""Nothing is said outside of the words: every page of a shop in a language in which each message
stands between marks, and no letter of ours outside of them.

The language has the place of Marathi, whose dates are in letters of its own: an English month is
found, too.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser, FluentSerializer
from fluent.syntax.ast import Message, Pattern, TextElement

from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason
from dashboard.translations import words_in
from store.deliveries.dead_lettering import record_dead_letter
from store.tables import DeliveryRow
from tests.browser.every_page import Known, pages_of_partner
from tests.support.dashboard_words import WORDS, words_out_of
from tests.support.messages import add_messages
from tests.support.outcomes import A_DAY, add_day
from tests.support.shelf import Shelf, Webhook, an_event
from tests.support.stack import Stack
from tests.support.visitor import Visitor

pytestmark = pytest.mark.extended

_BEGIN, _END = "⟦", "⟧"
_LANGUAGE = "mr"
_UNMARKED = ("span-units",)
"""Taken apart by code."""
_SPOKEN = ("title", "aria-label", "alt", "placeholder", "data-copied", "data-confirm", "label")
_QUOTED = frozenset({"code", "pre", "script", "style", "bdi", "svg", "option", "samp"})
"""What is in these is data, or drawn: names, payloads, codes, time zones."""
_DATA = re.compile(
    r"https?://\S+|\S+@\S+|\b(ORD|TEST|evt|AWB|DS)[-_][\w-]*|Chai Point|hooks\.shop\.example\S*"
    r"|Doorstep|DRSTEP|\[GMT\]|Python|Node|PHP|Asha Kulkarni|Imran Shaikh|Pune"
    r"|English|erp|ops person|owner person|Our shop|\w+_\w+"
)
_LETTERS = re.compile(r"[A-Za-z]{3,}")


def marked(source: Path) -> str:
    """The messages of a file, each between marks."""
    resource = FluentParser().parse(source.read_text())
    for one in resource.body:
        if not isinstance(one, Message) or not isinstance(one.value, Pattern):
            continue
        if one.id.name not in _UNMARKED:
            begin, end = TextElement(_BEGIN), TextElement(_END)
            one.value.elements = [begin, *one.value.elements, end]
    return str(FluentSerializer().serialize(resource))


@pytest.fixture
def language(tmp_path: Path) -> Iterator[str]:
    """The marked language, offered beside English."""
    (tmp_path / "en").symlink_to(WORDS / "en")
    (tmp_path / _LANGUAGE).mkdir()
    for file in (WORDS / "en").glob("*.ftl"):
        if not file.name.startswith("ops"):
            (tmp_path / _LANGUAGE / file.name).write_text(marked(file))
    with words_out_of(tmp_path):
        yield _LANGUAGE


@pytest.fixture
async def known(owner: Visitor, stack: Stack) -> Known:
    """A shop with something of everything: sent, failed, on hold, opted out, a key."""
    shelf = Shelf(stack.database)
    endpoint = await shelf.add_endpoint(description="Our shop")
    sent = await _webhook(shelf, endpoint.id)
    await sent.attempt(200)
    failed = await _webhook(shelf, endpoint.id)
    for number in range(4):
        await failed.attempt(503, in_round=number + 1)
    letter = RecordDeadLetter(failed.id, DeadLetterReason.EXHAUSTED, "http_503")
    await stack.database.write(record_dead_letter, letter, utc_now())
    held = await _webhook(shelf, endpoint.id)
    waits = {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_FAILING}
    await shelf.change(DeliveryRow, held.id, **waits)
    for path, body in (
        ("/v1/keys", {"scope": "partner", "label": "erp", "partner_id": "shop"}),
        ("/v1/sms/opt-outs", {"partner_id": "shop", "phone": "9845012345"}),
    ):
        answer = await stack.api.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
    await add_messages(stack.database)
    await add_day(stack.database, utc_now().date() - timedelta(days=1), **A_DAY)
    return Known("shop", endpoint.id, failed.event.event_id, "ORD-1")


async def _webhook(shelf: Shelf, endpoint_id: str) -> Webhook:
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint_id)


async def test_nothing_is_said_outside_of_the_words(
    language: str, owner: Visitor, known: Known
) -> None:
    await owner.post("/language", {"language": language, "back": "/dashboard/account"})
    found: dict[str, list[str]] = {}
    for name, path in pages_of_partner(known).items():
        page = await owner.get(path)
        assert f'<html lang="{language}"' in page.html, name
        if said := list(dict.fromkeys(outside(page.html))):
            found[name] = said
    assert found == {}


async def test_the_marks_are_seen(language: str, visitor: Visitor) -> None:
    page = await visitor.get("/sign-in", **{"accept-language": language})
    assert words_in(language)("sign-in-lost").startswith(_BEGIN)
    assert list(outside(page.html)) == []
    assert list(outside(page.html.replace("</main>", "and more</main>"))) == ["and more"]


def outside(html: str) -> Iterator[str]:
    """What is said outside of the marks, but for data."""
    reader = _Sentences()
    reader.feed(html)
    for text in ("\n".join(reader.texts), *reader.attributes):
        for line in _unmarked(text).splitlines():
            if _LETTERS.search(bare := _DATA.sub(" ", line)):
                yield bare.strip()


def _unmarked(text: str) -> str:
    depth, kept = 0, []
    for one in text:
        depth += (one == _BEGIN) - (one == _END)
        kept.append(one if depth == 0 and one != _END else "\n" if one == "\n" else " ")
    return "".join(kept)


class _Sentences(HTMLParser):
    """Texts of a page and what is said in its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.attributes += [value for name, value in attrs if name in _SPOKEN and value]
        if tag in _QUOTED or any(name == "lang" for name, _ in attrs if tag != "html"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data)
