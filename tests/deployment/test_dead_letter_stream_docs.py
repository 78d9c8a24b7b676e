"""docs/dead-letter-stream.md: the fields, words and numbers of the stream are the code's."""

import re
from dataclasses import fields

from background.dead_letter_mirror import _ALREADY_THERE, EVERY
from contracts.delivery.dead_letter_stream import SCHEMA, STREAM, QueueChange, StreamEntry
from contracts.delivery.states import Channel, DeadLetterResolution
from contracts.payload.events import EventType
from contracts.redis_url import REDIS_OPTIONS
from store.dead_letters.stream_outbox import KEPT_WITHOUT_A_MIRROR, REMEMBERED_FOR
from tests.deployment.deployment_files import DOCS

_TEXT = (DOCS / "dead-letter-stream.md").read_text()
_ONE_LINE = " ".join(_TEXT.split())
_ROWS = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", _TEXT, flags=re.MULTILINE))


def test_it_has_every_field_in_its_order() -> None:
    assert list(_ROWS) == [one.name for one in fields(StreamEntry)]


def test_the_words_of_a_field_are_the_code_s() -> None:
    assert f"called `{STREAM}`" in _ONE_LINE
    assert _ROWS["schema"].startswith(f"`{SCHEMA}`.")
    for field, words in {
        "change": {*QueueChange},
        "event_type": {*EventType},
        "channel": {*Channel},
        "resolution": {*DeadLetterResolution, QueueChange.LEFT, QueueChange.ENTERED},
    }.items():
        assert set(re.findall(r"`(\w+)`", _ROWS[field])) == words, field


def test_its_numbers_are_the_code_s() -> None:
    assert f"the latest {_ALREADY_THERE} entries" in _ONE_LINE
    assert f"within {EVERY.total_seconds():g} s" in _ONE_LINE
    assert (REMEMBERED_FOR.days, KEPT_WITHOUT_A_MIRROR.total_seconds()) == (1, 3600)
    assert all(f"`{one}`" in _TEXT or f"?{one}=" in _TEXT for one in REDIS_OPTIONS)
