"""The linter: each rule, what it lets through, and that every message says what to do."""

import pytest

from contracts.payload.events import EventType
from contracts.sms.lint import LintFinding, Severity, lint

CONFIRMED, OUT = EventType.ORDER_CONFIRMED, EventType.OUT_FOR_DELIVERY
GOOD = "{shop}: your order {order_id} is confirmed.[ Track: {track}]"
CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"
DASH = "\N{EN DASH}"


def findings(
    text: str, event_type: EventType = CONFIRMED, *, most_parts: int = 4, longest: int = 30
) -> list[LintFinding]:
    return lint(text, event_type, most_parts=most_parts, longest=longest)


def errors(text: str, event_type: EventType = CONFIRMED, **limits: int) -> list[str]:
    """The messages of the errors; no warning may be among them by mistake."""
    found = findings(text, event_type, **limits)
    return [one.message for one in found if one.severity is Severity.ERROR]


def warnings(text: str, event_type: EventType = CONFIRMED) -> list[str]:
    found = findings(text, event_type)
    return [one.message for one in found if one.severity is Severity.WARNING]


def test_a_good_text_has_no_findings() -> None:
    assert findings(GOOD) == []
    assert findings("नमस्ते[ {customer}]! {shop}: आपका ऑर्डर {order_id} कन्फ़र्म हो गया है।") == []


def test_errors_come_first_and_all_at_once() -> None:
    found = findings("Call 9812345678: {colour} at bit.ly/x or http://x.example", OUT)
    assert [one.severity for one in found] == ["error", "error", "error", "warning", "warning"]


class TestNothingToRead:
    @pytest.mark.parametrize("text", ["", "   ", "\n\t"])
    def test_an_empty_text(self, text: str) -> None:
        assert errors(text) == ["the text is empty: write what the customer is to read"]

    def test_a_text_that_twilio_does_not_take(self) -> None:
        message = "the text has 1601 characters: shorten it, Twilio takes 1600"
        assert errors("a" * 1601, most_parts=99) == [message]
        assert errors("a" * 1600, most_parts=99) == []

    def test_a_hostile_one_is_not_read_at_all(self) -> None:
        assert len(findings("[{track}" * 100_000)) == 1


class TestBracesAndBrackets:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("Hi {shop", "the { at character 4 is not closed: add }"),
            ("Hi shop}", "the } at character 8 closes nothing: remove it"),
            ("Hi[ {shop}", "the [ at character 3 is not closed: add ]"),
            ("Hi {shop}]", "the ] at character 10 closes nothing: remove it"),
            ("Hi {sh{op}}", "the { at character 4 is not closed: write a variable as {name}"),
            ("Hi {sh[op]}", "the { at character 4 is not closed: write a variable as {name}"),
            ("Hi[ {shop]}", "the ] at character 10 closes nothing: remove it"),
            (
                "Hi[ {shop}[ {city}]]",
                "the [ at character 11 opens inside brackets: close those first with ]",
            ),
            ("Hi [there]", "[there] has no variable, so that it is never left out: remove the bra"),
        ],
    )
    def test_that_are_wrong(self, text: str, message: str) -> None:
        [found] = errors(text)
        assert found.startswith(message)


class TestVariables:
    def test_an_unknown_one_says_which_are_known(self) -> None:
        [message] = errors("{shop}: hello {colour}")
        assert message == (
            "{colour} is no variable for order_confirmed: use {shop}, {order_id}, {customer}, "
            "{city}, {track}, {opt_out}, {cod_amount}"
        )

    @pytest.mark.parametrize("name", ["otp", "rider", "Shop", " shop ", "", "rider_phone", "phone"])
    def test_another_type_s_or_misspelt(self, name: str) -> None:
        [message] = errors(f"Hello [{{{name}}}]")
        assert message.startswith(f"{{{name}}} is no variable for order_confirmed: use {{shop}}, ")

    def test_each_is_known_for_its_type(self) -> None:
        assert errors("{shop}[ {otp}]", OUT) == []
        assert errors("{shop}[ {otp}]", EventType.DELIVERED) != []

    @pytest.mark.parametrize("name", ["customer", "city", "track", "opt_out", "cod_amount"])
    def test_one_that_may_be_missing_stands_in_brackets(self, name: str) -> None:
        [message] = errors(f"Hello {{{name}}}")
        assert message == (
            f"{{{name}}} may be missing: put it in brackets with the words that go with it, "
            f"such as [ ... {{{name}}}]"
        )
        assert errors(f"Hello[ {{{name}}}]") == []

    def test_in_brackets_once_is_not_enough(self) -> None:
        assert len(errors("Hello[ {city}], {city}")) == 1

    def test_one_that_is_always_there_stands_anywhere(self) -> None:
        assert errors("{shop}, {order_id}[ by {shop}]") == []


class TestSpaces:
    @pytest.mark.parametrize("text", [" Hello", "Hello ", "Hello\n", "\N{NO-BREAK SPACE}Hello"])
    def test_at_an_end(self, text: str) -> None:
        assert errors(text) == ["the text begins or ends with white space: remove it"]

    def test_two_in_the_template(self) -> None:
        assert errors("Hello  {shop}") == ["there are two spaces in a row: keep one"]

    @pytest.mark.parametrize(
        ("text", "without", "fault"),
        [
            ("Hello [{city}] there", "without {city}", "two spaces in a row"),
            ("Hello [{city} ]there[ {track}] all", None, None),
            ("Hello [ {city}] there", "with all values", "two spaces in a row"),
            ("Hello[ {city} ] there", "with all values", "two spaces in a row"),
            ("Hello [{city}]", "without {city}", "begins or ends with white space"),
            ("[{city}] hello", "without {city}", "begins or ends with white space"),
            ("[{city}]", "without {city}", "nothing is left"),
            ("[{city}][{track}]", "without {city} and {track}", "nothing is left"),
            ("[{city}][ {track}] {shop}", "without {city}", "begins or ends with white space"),
            ("Hello[ {city}][, {track}] there", None, None),
        ],
    )
    def test_once_optional_parts_are_left_out(
        self, text: str, without: str | None, fault: str | None
    ) -> None:
        if without is None or fault is None:
            assert errors(text) == []
            return
        [message] = errors(text)
        assert message.startswith(f"{without} ")
        assert fault in message

    def test_parts_with_the_same_variable_go_together(self) -> None:
        assert errors("A [{city} ][{city} ]B") == []

    def test_the_end_of_an_otp_is_not_there_without_the_otp(self) -> None:
        assert errors("{shop} [OTP {otp}][ until {otp_until}].", OUT) == []

    def test_every_variable_of_a_type_may_be_missing_at_once(self) -> None:
        names = ["customer", "city", "track", "opt_out", "cod_amount", "otp", "otp_until"]
        parts = "".join(f"[ {{{name}}}]" for name in [*names, "vehicle_number"])
        assert errors(f"Hello{parts}", OUT, most_parts=9) == []


class TestLinks:
    @pytest.mark.parametrize(
        "host",
        [
            *("bit.ly", "tinyurl.com", "goo.gl", "t.co", "cutt.ly", "rb.gy", "is.gd", "ow.ly"),
            *("rebrand.ly", "tiny.cc", "shorturl.at", "buff.ly", "t.ly", "s.id", "v.gd", "bl.ink"),
            *("lnkd.in", "wa.me", "t.me", "m.me"),
        ],
    )
    def test_shortened_ones_are_forbidden(self, host: str) -> None:
        for text in (f"See https://{host}/x", f"See {host}/x.", f"See {host.upper()}", f"({host})"):
            [message] = errors(text)
            assert message.lower().startswith(f"{host} shortens links, and shortened links are")
            assert "forbidden in India" in message

    @pytest.mark.parametrize("text", ["www.bit.ly/x", "यहाँbit.ly/x", "https://a:b@bit.ly/x"])
    def test_nor_do_they_hide(self, text: str) -> None:
        assert len(errors(f"See {text}")) == 1

    @pytest.mark.parametrize(
        "host",
        [
            *("wa.men", "habit.ly", "bit.ly.example.com", "a-bit.ly", "t.com", "t.co.in", "ids.id"),
            *("bit.lynx", "bit-ly.com", "att.co", "xs.id", "bit.ly2", "x_bit.ly"),
        ],
    )
    def test_only_whole_names_count(self, host: str) -> None:
        assert errors(f"See https://{host}/x") == []

    @pytest.mark.parametrize("link", ["http://shop.example", "HTTP://shop.example"])
    def test_plain_ones_are_refused(self, link: str) -> None:
        assert errors(f"See {link}") == ["a link begins with http://: write https://"]


class TestUnseenCharacters:
    @pytest.mark.parametrize(
        ("character", "known_as"),
        [
            ("\t", "a control character (U+0009)"),
            ("\r", "a control character (U+000D)"),
            ("\x00", "a control character (U+0000)"),
            ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
            ("\u200b", "ZERO WIDTH SPACE (U+200B)"),
            ("\u2028", "LINE SEPARATOR (U+2028)"),
        ],
    )
    def test_are_refused(self, character: str, known_as: str) -> None:
        assert errors(f"Hel{character}lo") == [f"nobody sees {known_as} in the text: remove it"]

    def test_line_breaks_and_joiners_are_not(self) -> None:
        assert errors("Hello\nರೈಡರ್\u200cಗೆ क्\u200dष") == []


class TestParts:
    FIXED = "a" * (160 - 30 - 30)

    def test_the_longest_values_count(self) -> None:
        # shop and order_id fill 30 each: 100 + 60 = 160 units of UCS-2, which is three parts
        text = f"{{shop}}{self.FIXED}{{order_id}}"
        assert errors(text, most_parts=3) == []
        [message] = errors(text, most_parts=2)
        assert message == (
            "with the longest values it takes 3 parts, and the most is 2: shorten it by "
            "26 characters (UCS-2)"
        )

    def test_so_does_how_long_a_value_may_be(self) -> None:
        text = f"{{shop}}{self.FIXED}{{order_id}}"
        assert errors(text, most_parts=3, longest=50) == []  # 200
        assert len(errors(text, most_parts=3, longest=51)) == 1  # 202

    def test_one_part_has_more_room(self) -> None:
        assert errors("{order_id}" + "a" * 130, most_parts=1) == []
        [message] = errors("{order_id}" + "a" * 131, most_parts=1)
        assert message == (
            "with the longest values it takes 2 parts, and the most is 1: shorten it by "
            "1 character (GSM-7)"
        )


class TestAdviceOnGsm:
    def test_one_character_is_named_with_its_cost(self) -> None:
        # with usual values 75 characters: two parts in UCS-2, one in GSM-7
        text = f"{{shop}}: we{CURLY}ve packed your order {{order_id}}. It leaves the shop tomorrow."
        assert findings(text) == [
            LintFinding(
                Severity.WARNING,
                f"{CURLY} (RIGHT SINGLE QUOTATION MARK, U+2019: write '): outside GSM-7, which "
                "makes the whole text UCS-2; with usual values it takes 2 parts now and 1 part "
                "once that is changed",
            )
        ]

    @pytest.mark.parametrize(
        ("character", "advice"),
        [
            (CURLY, "write '"),
            ("\N{LEFT DOUBLE QUOTATION MARK}", 'write "'),
            (DASH, "write -"),
            ("\N{EM DASH}", "write -"),
            ("₹", "write Rs"),
            ("…", "write ..."),
            ("\N{NO-BREAK SPACE}", "write a plain space"),
            ("🎉", "leave it out"),
            ("ê", "write e"),
            ("न", "leave it out"),
        ],
    )
    def test_what_to_write_instead(self, character: str, advice: str) -> None:
        [message] = warnings(f"Hello{character}{{shop}}")
        assert advice in message

    def test_several_are_all_named(self) -> None:
        [message] = warnings(f"It{CURLY}s ₹5 {DASH} or more…, {{shop}}")
        for code in ("U+2019", "U+20B9", "U+2013", "U+2026"):
            assert code in message

    @pytest.mark.parametrize(
        "text",
        [
            "{shop}: आपका ऑर्डर ₹5",
            "{shop}: ஆர்டர்",
            "{shop}: ನಿಮ್ಮ",
        ],
    )
    def test_another_script_is_meant(self, text: str) -> None:
        assert warnings(text) == []

    def test_three_letters_of_it_are_not(self) -> None:
        assert len(warnings("{shop}: order नमस")) == 1
        assert warnings("{shop}: order नमसत") == []


class TestAdviceOnNumbers:
    @pytest.mark.parametrize(
        "number",
        ["9812345678", "+91 98123 45678", "98123-45678", "(080) 4123 4567", "९८१२३४५६७८"],
    )
    def test_a_phone_number(self, number: str) -> None:
        found = warnings(f"{{shop}}: call {number} now")
        assert any(message.startswith("there seems to be a phone number") for message in found)

    @pytest.mark.parametrize(
        "text",
        ["{shop}: call 981234567", "See https://x.example/9812345678", "Since 1998, 2 of 10000"],
    )
    def test_others_are_not(self, text: str) -> None:
        assert warnings(text) == []


class TestAdviceOnTheOtp:
    def test_its_text_should_have_it(self) -> None:
        assert warnings("{shop}: {rider} is on the way", OUT) == [
            "the customer needs the code at the door: add it, such as [ Delivery OTP: {otp}.]"
        ]
        assert warnings("{shop}: {rider} is on the way.[ OTP {otp}]", OUT) == []

    @pytest.mark.parametrize("event_type", sorted(set(EventType) - {OUT}))
    def test_no_other_has_one(self, event_type: EventType) -> None:
        assert warnings("{shop}: hello", event_type) == []
