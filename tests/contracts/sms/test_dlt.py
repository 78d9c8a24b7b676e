"""Registered texts for India: what each typed variable takes, where a text departs, what it costs
to find out, and that nothing of the text itself is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.sms.dlt import Category, departure, faults_of_registered
from contracts.sms.dlt_values import Reader

REGISTERED = (
    "{#alphanumeric#}: your order {#alphanumeric#} is out for delivery with {#alphanumeric#}. "
    "Delivery OTP: {#numeric#}. Track: {#url#}"
)
SENT = (
    "Chai Point: your order ORD-48213 is out for delivery with Savio D'Souza. "
    "Delivery OTP: 483920. Track: https://track.example/ORD-48213"
)
ALPHANUMERIC = (
    "{#alphanumeric#} (letters, digits, spaces and ordinary punctuation without a link, "
    "at most 30 characters)"
)


def matches(registered: str, sent: str, **limits: int) -> bool:
    return departure(registered, sent, **limits) is None


class TestMatching:
    @pytest.mark.parametrize(
        ("registered", "sent"),
        [
            (REGISTERED, SENT),
            ("Thank you.", "Thank you."),
            ("{#numeric#}", "1"),
            ("{#numeric#}{#numeric#}", "12"),
            ("{#alphanumeric#}{#alphanumeric#} is here", "Chai Point's tea is here"),
            ("a {#alphanumeric#} is {#alphanumeric#} is b", "a this is is that is b"),
            ("{#var#}{#numeric#}", "x: 12"),
            ("{#var#}, {#var#}", "a, b, c"),
            ("{x} [y] {#foo#}", "{x} [y] {#foo#}"),
            ("आपका ऑर्डर {#alphanumeric#}।", "आपका ऑर्डर ORD-1।"),
            ("one\ntwo", "one\ntwo"),
        ],
    )
    def test_what_matches(self, registered: str, sent: str) -> None:
        assert departure(registered, sent) is None

    @pytest.mark.parametrize(
        ("registered", "sent"),
        [
            (REGISTERED, SENT.replace("your", "Your")),
            (REGISTERED, SENT.replace("your ", "your  ")),
            (REGISTERED, SENT + " ."),
            (REGISTERED, SENT.partition(" Track")[0]),
            (REGISTERED, " " + SENT.replace(".", "")),
            ("Thank you.", "Thank you"),
            ("Thank you", "Thank you."),
            ("", "x"),
            ("{#numeric#}", ""),
            ("{#numeric#}{#numeric#}", "1"),
        ],
    )
    def test_what_does_not(self, registered: str, sent: str) -> None:
        assert departure(registered, sent) is not None

    @given(st.lists(st.sampled_from(["a", "b", "ab", "{#var#}"]), max_size=8), st.text("ab"))
    def test_like_trying_every_way(self, registered: list[str], sent: str) -> None:
        ends = {0}
        for piece in registered:
            if piece == "{#var#}":
                ends = {end + more for end in ends for more in (1, 2, 3) if end + more <= len(sent)}
            else:
                ends = {end + len(piece) for end in ends if sent.startswith(piece, end)}
        assert matches("".join(registered), sent, longest=3) == (len(sent) in ends)


class TestWhatEachTypeTakes:
    @pytest.mark.parametrize(
        ("tag", "value"),
        [
            ("numeric", "0123456789"),
            ("alphanumeric", "Venkatasubramanian R."),
            ("alphanumeric", "विश्वनाथ, पुणे"),
            ("alphanumeric", "ரமேஷ்"),
            ("alphanumeric", "ರೈಡರ್\u200cಗೆ"),
            ("alphanumeric", "D'Souza & Sons (Pune) #7/2"),
            ("alphanumeric", "KA 05 MJ 1234"),
            ("alphanumeric", "chai.example"),
            ("url", "https://track.example/ORD-1?x=1#y"),
            ("urlott", "https://play.example/store"),
            ("cbn", "+918041234567"),
            ("cbn", "18001234567"),
            ("email", "help.me+1@chai-point.example"),
            ("var", "anything: ₹5, 🫖 at http://x"),
        ],
    )
    def test_it_does(self, tag: str, value: str) -> None:
        assert departure(f"<{{#{tag}#}}>", f"<{value}>") is None

    @pytest.mark.parametrize(
        ("tag", "value"),
        [
            ("numeric", "12A4"),
            ("numeric", "499.00"),
            ("numeric", "1,499"),
            ("numeric", "18:30"),
            ("numeric", "४८३९"),
            ("numeric", "٤"),
            ("numeric", ""),
            ("alphanumeric", "₹499"),
            ("alphanumeric", "Chai 🫖"),
            ("alphanumeric", "two\nlines"),
            ("alphanumeric", "https://x.example"),
            ("alphanumeric", "see http://x"),
            ("alphanumeric", "www.chai.example"),
            ("alphanumeric", "bit.ly/x"),
            ("alphanumeric", "a<b"),
            ("alphanumeric", ""),
            ("url", "http://track.example"),
            ("url", "track.example/ORD-1"),
            ("url", "https://"),
            ("url", "https://track.example/a b"),
            ("url", " https://track.example"),
            ("urlott", "myapp://home"),
            ("cbn", "080-4123"),
            ("cbn", "91+80"),
            ("cbn", "+"),
            ("email", "help at chai.example"),
            ("email", "@chai.example"),
            ("email", "help@"),
            ("email", "a@b@c"),
            ("var", ""),
        ],
    )
    def test_it_does_not(self, tag: str, value: str) -> None:
        assert departure(f"<{{#{tag}#}}>", f"<{value}>") is not None

    def test_a_link_s_fixed_beginning_may_be_registered(self) -> None:
        registered = "Track: https://track.example/{#alphanumeric#}."
        assert departure(registered, "Track: https://track.example/ORD-1.") is None

    @pytest.mark.parametrize(
        ("tag", "head", "fill", "most"),
        [
            ("numeric", "", "1", 30),
            ("alphanumeric", "", "न", 30),
            ("var", "", "x", 30),
            ("cbn", "+", "1", 30),
            ("email", "a@", "b", 30),
            ("url", "https://", "x", 120),
            ("urlott", "https://", "x", 120),
        ],
    )
    def test_how_long_it_may_be(self, tag: str, head: str, fill: str, most: int) -> None:
        registered = f"<{{#{tag}#}}>"
        assert matches(registered, f"<{head.ljust(most, fill)}>")
        assert not matches(registered, f"<{head.ljust(most + 1, fill)}>")

    def test_how_long_is_a_setting(self) -> None:
        assert matches("{#numeric#}", "1" * 40, longest=40)
        assert not matches("{#numeric#}", "1" * 41, longest=40)
        assert matches("{#url#}", "https://".ljust(120, "x"), longest=40)
        assert matches("{#url#}", "https://".ljust(130, "x"), longest=130)

    def test_two_side_by_side_take_twice_as_much(self) -> None:
        assert matches("{#numeric#}{#numeric#}", "1" * 60)
        assert not matches("{#numeric#}{#numeric#}", "1" * 61)


class TestTheSentence:
    @pytest.mark.parametrize(
        ("registered", "sent", "sentence"),
        [
            (
                "your order {#numeric#} is confirmed.",
                "your Order 12 is confirmed.",
                "the text departs at its character 6, where 'order ' is registered",
            ),
            (
                "OTP {#numeric#} is secret",
                "OTP A7 is secret",
                (
                    "the text departs at its character 5, where {#numeric#} (digits only, at most "
                    "30 characters) is registered"
                ),
            ),
            (
                "OTP {#numeric#} is secret",
                "OTP 4839A is secret",
                (
                    "the text departs between its characters 6 and 9, where ' is secret' is "
                    "registered after {#numeric#} (digits only, at most 30 characters)"
                ),
            ),
            (
                "{#alphanumeric#}: hello",
                "Chai; hello",
                (
                    "the text departs between its character 2 and its end, where ': hello' is "
                    f"registered after {ALPHANUMERIC}"
                ),
            ),
            ("Thank you.", "Thank you", "the text departs at its end, where '.' is registered"),
            (
                "Thank you",
                "Thank you.",
                "the text goes on at its character 10, where nothing is registered",
            ),
            (
                "OTP {#numeric#}",
                "OTP 4839.",
                (
                    "the text goes on at its character 9, where nothing is registered after "
                    "{#numeric#} (digits only, at most 30 characters)"
                ),
            ),
            (
                "a{#numeric#}{#url#}",
                "a12",
                (
                    "the text departs between its character 3 and its end, where {#url#} (a link "
                    "with https:// and without spaces, at most 120 characters) is registered after "
                    "{#numeric#} (digits only, at most 30 characters)"
                ),
            ),
            (
                "x" * 200,
                "y" * 200,
                f"the text departs at its character 1, where '{'x' * 30}' is registered",
            ),
        ],
    )
    def test_it_says_where_and_what_is_registered(
        self, registered: str, sent: str, sentence: str
    ) -> None:
        assert departure(registered, sent) == sentence

    @given(st.data())
    def test_nothing_of_the_text_is_told(self, data: st.DataObject) -> None:
        """Everything sent is in capitals and other signs than the sentence has."""
        secret = data.draw(st.text("QXZ§¤", min_size=1, max_size=80))
        at = data.draw(st.integers(0, len(SENT)))
        sentence = departure(REGISTERED, SENT[:at] + secret + SENT[at:])
        for told in ("483920", "48213", "Chai", "Savio", "Souza", "track.example", *"QXZ§¤"):
            assert told not in (sentence or "")


class TestWhatItCosts:
    """Steps are counted, not time: one for a registered character, one for a value's."""

    @pytest.fixture
    def steps(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Each step by its name, as it is taken."""
        taken: list[str] = []
        for name in ("past_character", "_step"):
            self._counted(monkeypatch, name, taken)
        return taken

    def _counted(self, monkeypatch: pytest.MonkeyPatch, name: str, taken: list[str]) -> None:
        real = getattr(Reader, name)

        def counting(reader: Reader, *given: Any) -> Any:
            taken.append(name)
            return real(reader, *given)

        monkeypatch.setattr(Reader, name, counting)

    @pytest.mark.parametrize(
        ("registered", "sent"),
        [
            ("{#var#}" * 20, "a" * 1600),
            ("{#var#}" * 20 + "b", "a" * 1600),
            ("{#alphanumeric#}a" * 20 + "b", "a" * 1600),
            ("{#alphanumeric#} " * 20, "a " * 800),
            ("{#url#}" * 20, "https://" * 200),
            ("{#email#}" * 20, "a@a" * 533),
            ("{#var#}{#alphanumeric#}" * 10 + "!", "न" * 1600),
        ],
    )
    def test_twenty_variables_against_a_hostile_text(
        self, registered: str, sent: str, steps: list[str]
    ) -> None:
        departure(registered, sent)
        assert 0 < len(steps) <= 20 * 120 + 21

    def test_it_does_not_grow_with_the_text(self, steps: list[str]) -> None:
        departure("{#var#}a" * 10 + "b", "a" * 400)
        short = len(steps)
        departure("{#var#}a" * 10 + "b", "a" * 1600)
        assert len(steps) == 2 * short


class TestRegistered:
    @pytest.mark.parametrize(
        "text", [REGISTERED, "Thank you.", "{#var#}", "x" * 2000, "{#cbn#}{#email#}{#urlott#} {x}"]
    )
    def test_as_it_should_be(self, text: str) -> None:
        assert faults_of_registered(text) == []

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("", "the registered text is empty: copy it from the DLT platform"),
            (" \n", "the registered text is empty: copy it from the DLT platform"),
            ("x" * 2001, "the registered text has 2001 characters: 2000 at most"),
            ("OTP {#numeric", "the {# at character 5 is not closed: add #}"),
            ("OTP {#numeric#", "the {# at character 5 is not closed: add #}"),
            ("OTP {#numeric}", "the {# at character 5 is not closed: add #}"),
            (
                "OTP {#otp#} and {#otp#}",
                (
                    "{#otp#} is no variable: use {#numeric#}, {#alphanumeric#}, {#url#}, "
                    "{#urlott#}, {#cbn#}, {#email#}, {#var#}"
                ),
            ),
        ],
    )
    def test_what_is_wrong(self, text: str, fault: str) -> None:
        assert faults_of_registered(text) == [fault]

    @pytest.mark.parametrize("tag", ["{#VAR#}", "{# var #}", "{##}"])
    def test_tags_are_written_exactly(self, tag: str) -> None:
        [fault] = faults_of_registered(f"OTP {tag}")
        assert fault.startswith(f"{tag} is no variable: use ")

    def test_all_faults_at_once(self) -> None:
        assert len(faults_of_registered("x" * 2000 + "{#foo#}{#bar#} {#numeric")) == 4


def test_the_categories() -> None:
    assert list(Category) == [
        "transactional",
        "service_implicit",
        "service_explicit",
        "promotional",
    ]
