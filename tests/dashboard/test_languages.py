"""The languages of the dashboard: each says all that English says, of the same things, and nothing
in English; and another one needs files alone."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from compatibility.languages import differing, left_over, missing, placeholders, written
from dashboard.translations import ENGLISH, MissingWords, is_partial, languages, words_in
from tests.support.dashboard_words import WORDS, words_out_of
from tests.support.visitor import Visitor

_OTHERS = [one for one in languages() if one != ENGLISH]
_WHOLE = [one for one in _OTHERS if not is_partial(one)]
_MARK_UP = re.compile(r"\$\w+|\*?\[[\w-]+\]|https?://\S+|#\w+|\w+\.\w+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z_]*")
_TERMS_KEPT = """
api apis asia awb cod crm csv dlt doorstep doorstep_public_url gsm http https iana id ids ip ist
jpeg json kb kolkata mg ndr oms otp pdf pin png rto sha sms stop tashkent tls twilio ucs url utc
webp whatsapp curl node php python
endpoint endpoints entity event events header headers key keys partner partners payload secret
secrets shop sms webhook webhooks channel calls day partner_id
request redirect dns encoding encrypt p payloads percent port priya rate limit
webhook_secret qr xn xx execution temporal ui v rs
"""
_TERMS = frozenset(_TERMS_KEPT.split())
"""Written in Latin letters in every language: names, units, and words of developers."""


def latin(message: str) -> set[str]:
    """The words in Latin letters of a message that are to be in its own language."""
    return {one.lower() for one in _LATIN.findall(_MARK_UP.sub(" ", message))} - _TERMS


@pytest.mark.parametrize("language", _OTHERS)
class TestEachLanguage:
    def test_it_says_nothing_that_english_does_not_say(self, language: str) -> None:
        assert list(left_over(language)) == []

    def test_a_message_names_the_same(self, language: str) -> None:
        assert list(differing(language)) == []

    def test_no_english_is_left_in_it(self, language: str) -> None:
        found = {name: latin(message) for name, message in written(language).items()}
        assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("language", _WHOLE)
def test_it_has_every_message_of_the_shop_owner_s_side(language: str) -> None:
    assert list(missing(language)) == []


@pytest.mark.extended
class TestAnotherLanguage:
    """Tamil, by files alone."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Iterator[Path]:
        """The folder of Tamil in a copy of the words, which says one thing so far."""
        copy = tmp_path / "words"
        shutil.copytree(WORDS, copy)
        (copy / "ta").mkdir(exist_ok=True)
        (copy / "ta" / "people.ftl").write_text("sign-in = உள்நுழைக\n")
        with words_out_of(copy):
            yield copy / "ta"

    async def test_it_is_offered_and_spoken(self, folder: Path, visitor: Visitor) -> None:
        (folder / "PARTIAL").touch()
        assert "தமிழ்" in (await visitor.get("/sign-in")).text
        page = await visitor.get("/sign-in", **{"accept-language": "ta"})
        assert '<html lang="ta"' in page.html
        assert "உள்நுழைக" in page.text
        assert words_in(ENGLISH)("sign-in-lost") in page.text

    def test_english_stands_in_only_where_it_says_that_it_is_partial(self, folder: Path) -> None:
        with pytest.raises(MissingWords, match="no message sign-in-lost in words/ta"):
            words_in("ta")("sign-in-lost")

    def test_the_words_of_operations_are_lent(self, folder: Path) -> None:
        text = (WORDS / ENGLISH / "ops.ftl").read_text()
        names = re.findall(r"^([a-z0-9-]+) =", text, re.MULTILINE)
        plain = next(one for one in names if not placeholders(written(ENGLISH)[one]))
        assert words_in("ta")(plain) == words_in(ENGLISH)(plain)
