"""Templates: the syntax, what is shipped, and how the shipped texts read and what they cost."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.payload.events import EventType, TrackingEvent
from contracts.sms.languages import Language
from contracts.sms.lint import lint
from contracts.sms.parts import Encoding, Parts, parts_of
from contracts.sms.rendering import rendered
from contracts.sms.templates import SHIPPED, SHIPPED_VERSION, shipped
from contracts.sms.variables import values_of, with_fewer_links
from tests.support.factories import make_event, make_groups, make_order

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TRACK = "https://track.example/ORD-48213"
GSM, UCS = Encoding.GSM_7, Encoding.UCS_2
EN, HI, TA, KN = Language


@dataclass(frozen=True)
class Rendering:
    """What differs between events; the rest is an order without a link and without an OTP."""

    shop: str = "Chai Point"
    order_id: str = "ORD-48213"
    rider: str = "Imran Shaikh"
    otp: str | None = None
    reason: str = "Nobody was at home"
    track: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Row:
    """A text as the customer reads it, and what it costs: both counted by hand."""

    event_type: str
    language: Language
    said: Rendering
    text: str = field(repr=False)
    encoding: Encoding
    characters: int
    parts: int


def event_of(event_type: str, said: Rendering) -> TrackingEvent:
    """An event that says this."""
    groups = make_groups()
    until = (NOW + timedelta(hours=1)).isoformat()
    groups |= {
        "order": make_order(order_id=said.order_id, tracking_url=said.track),
        "rider": {**groups["rider"], "name": said.rider},
        "otp": {"code": said.otp, "valid_from": NOW.isoformat(), "valid_until": until},
        "failure": {**groups["failure"], "reason_text": said.reason},
    }
    return TrackingEvent.model_validate(make_event(event_type, data=groups))


def shipped_text(event_type: str, said: Rendering, language: Language = EN) -> str:
    """The shipped text about an event that says this."""
    event = event_of(event_type, said)
    _, template = shipped(event.type, language)
    values = values_of(event, shop=said.shop, opt_out=None, answer=said.answer)
    return rendered(template, next(iter(with_fewer_links(values, template))))


LONG_LINK = f"{TRACK}?token=0123456789abcdefghijklmnopqrstuvwxyzABC"
HALF_LINK = f"{TRACK}?t=0123456789abcd"
ANSWER = "https://shop.example/t/3qTn5u7kQpWc1yZr8VbXdA"

ROWS = [
    Row(
        "order_confirmed",
        EN,
        Rendering(track=TRACK),
        "Chai Point: your order ORD-48213 is confirmed. Track: https://track.example/ORD-48213",
        GSM,
        85,
        1,
    ),
    Row(  # shop and rider have 31 characters, and are cut to 30
        "out_for_delivery",
        EN,
        Rendering(
            "Sri Lakshmi Narayana Silk House",
            rider="Venkatasubramanian Ramachandran",
            otp="4839",
            track=TRACK,
        ),
        "Sri Lakshmi Narayana Silk Hous: your order ORD-48213 is out for delivery with "
        "Venkatasubramanian Ramachandra. Delivery OTP: 4839. Track: "
        "https://track.example/ORD-48213",
        GSM,
        168,
        2,
    ),
    Row(  # a rider's name in Devanagari makes an English text UCS-2
        "out_for_delivery",
        EN,
        Rendering(rider="विकास मिश्रा", otp="483920"),
        "Chai Point: your order ORD-48213 is out for delivery with विकास मिश्रा. "
        "Delivery OTP: 483920.",
        UCS,
        93,
        2,
    ),
    Row(  # a curly apostrophe would, and is made straight
        "out_for_delivery",
        EN,
        Rendering(rider="Savio D\N{RIGHT SINGLE QUOTATION MARK}Souza"),
        "Chai Point: your order ORD-48213 is out for delivery with Savio D'Souza.",
        GSM,
        72,
        1,
    ),
    Row(  # and so would a rupee sign in a reason
        "delivery_failed",
        EN,
        Rendering(reason="₹499 was not ready"),
        "Chai Point: we could not deliver your order ORD-48213 (Rs 499 was not ready).",
        GSM,
        77,
        1,
    ),
    Row(
        "delivery_failed",
        EN,
        Rendering(reason="Rs 499 was not ready"),
        "Chai Point: we could not deliver your order ORD-48213 (Rs 499 was not ready).",
        GSM,
        77,
        1,
    ),
    Row(
        "delivery_failed",
        EN,
        Rendering(track=LONG_LINK),
        "Chai Point: we could not deliver your order ORD-48213 (Nobody was at home). Track: "
        "https://track.example/ORD-48213?token=0123456789abcdefghijklmnopqrstuvwxyzABC",
        GSM,
        160,
        1,
    ),
    Row(
        "delivery_failed",
        EN,
        Rendering(answer=ANSWER, track=LONG_LINK),
        "Chai Point: we could not deliver your order ORD-48213 (Nobody was at home). Tell us what "
        "to do next: https://shop.example/t/3qTn5u7kQpWc1yZr8VbXdA",
        GSM,
        146,
        1,
    ),
    Row(
        "delivery_failed",
        EN,
        Rendering(track=f"{LONG_LINK}D"),
        "Chai Point: we could not deliver your order ORD-48213 (Nobody was at home). Track: "
        "https://track.example/ORD-48213?token=0123456789abcdefghijklmnopqrstuvwxyzABCD",
        GSM,
        161,
        2,
    ),
    Row(
        "delivered",
        EN,
        Rendering(),
        "Chai Point: your order ORD-48213 was delivered. Thank you.",
        GSM,
        58,
        1,
    ),
    Row(  # an emoji goes
        "delivered",
        EN,
        Rendering("Chai Point 🫖"),
        "Chai Point: your order ORD-48213 was delivered. Thank you.",
        GSM,
        58,
        1,
    ),
    Row(  # a cook is two emojis and a joiner, and goes whole
        "return_initiated",
        EN,
        Rendering("Amma 👩\u200d🍳 Kitchen"),
        "Amma Kitchen: your order ORD-48213 is on its way back to the shop.",
        GSM,
        66,
        1,
    ),
    Row(  # a letter of the Chakma script is two units: 60 characters
        "delivered",
        EN,
        Rendering("Chai Point \U00011107"),
        "Chai Point \U00011107: your order ORD-48213 was delivered. Thank you.",
        UCS,
        61,
        1,
    ),
    Row(  # with three of them 70 characters are two parts
        "return_initiated",
        EN,
        Rendering("Amma \U00011107\U00011108\U00011109 Kitchen"),
        "Amma \U00011107\U00011108\U00011109 Kitchen: your order ORD-48213 is on its way back to "
        "the shop.",
        UCS,
        73,
        2,
    ),
    Row(  # braces and brackets are of the extension table: 77 characters
        "return_initiated",
        EN,
        Rendering("Bandhani {House} [Bhuj]"),
        "Bandhani {House} [Bhuj]: your order ORD-48213 is on its way back to the shop.",
        GSM,
        81,
        1,
    ),
    Row(
        "order_confirmed",
        HI,
        Rendering(track=TRACK),
        "Chai Point: आपका ऑर्डर ORD-48213 कन्फ़र्म हो गया है। ट्रैक करें: https://track.example/ORD-48213",
        UCS,
        96,
        2,
    ),
    Row(
        "out_for_delivery",
        HI,
        Rendering(rider="राहुल गुप्ता", otp="4839", track=TRACK),
        "Chai Point: आपका ऑर्डर ORD-48213 डिलीवरी के लिए निकल चुका है। राइडर: राहुल गुप्ता। "
        "OTP 4839 पार्सल मिलने पर ही राइडर को बताएँ। ट्रैक: https://track.example/ORD-48213",
        UCS,
        165,
        3,
    ),
    Row(
        "out_for_delivery",
        HI,
        Rendering(rider="राहुल गुप्ता", otp="4839"),
        "Chai Point: आपका ऑर्डर ORD-48213 डिलीवरी के लिए निकल चुका है। राइडर: राहुल गुप्ता। "
        "OTP 4839 पार्सल मिलने पर ही राइडर को बताएँ।",
        UCS,
        126,
        2,
    ),
    Row(
        "out_for_delivery",
        HI,
        Rendering(rider="राहुल गुप्ता"),
        "Chai Point: आपका ऑर्डर ORD-48213 डिलीवरी के लिए निकल चुका है। राइडर: राहुल गुप्ता।",
        UCS,
        82,
        2,
    ),
    Row(
        "delivered",
        HI,
        Rendering(order_id="CHAI-2026-11-0048213"),
        "Chai Point: आपका ऑर्डर CHAI-2026-11-0048213 डिलीवर हो गया है। धन्यवाद।",
        UCS,
        70,
        1,
    ),
    Row(
        "delivered",
        HI,
        Rendering(order_id="CHAI-2026-11-00482130"),
        "Chai Point: आपका ऑर्डर CHAI-2026-11-00482130 डिलीवर हो गया है। धन्यवाद।",
        UCS,
        71,
        2,
    ),
    Row(
        "delivery_failed",
        HI,
        Rendering(reason="₹499 तैयार नहीं थे"),
        "Chai Point: आपका ऑर्डर ORD-48213 डिलीवर नहीं हो सका (Rs 499 तैयार नहीं थे)।",
        UCS,
        75,
        2,
    ),
    Row(
        "delivery_failed",
        HI,
        Rendering(track=HALF_LINK),
        "Chai Point: आपका ऑर्डर ORD-48213 डिलीवर नहीं हो सका (Nobody was at home)। ट्रैक करें: "
        "https://track.example/ORD-48213?t=0123456789abcd",
        UCS,
        134,
        2,
    ),
    Row(
        "delivery_failed",
        HI,
        Rendering(answer=ANSWER),
        "Chai Point: आपका ऑर्डर ORD-48213 डिलीवर नहीं हो सका (Nobody was at home)। आगे क्या करें, बताएँ: "
        "https://shop.example/t/3qTn5u7kQpWc1yZr8VbXdA",
        UCS,
        141,
        3,
    ),
    Row(
        "delivery_failed",
        HI,
        Rendering(track=f"{HALF_LINK}e"),
        "Chai Point: आपका ऑर्डर ORD-48213 डिलीवर नहीं हो सका (Nobody was at home)। ट्रैक करें: "
        "https://track.example/ORD-48213?t=0123456789abcde",
        UCS,
        135,
        3,
    ),
    Row(
        "return_initiated",
        HI,
        Rendering(),
        "Chai Point: आपका ऑर्डर ORD-48213 विक्रेता को वापस भेजा जा रहा है।",
        UCS,
        65,
        1,
    ),
    Row(
        "out_for_delivery",
        TA,
        Rendering("மதுரை சில்க்ஸ்", rider="முருகன் வேல்", otp="483920", track=TRACK),
        "மதுரை சில்க்ஸ்: ஆர்டர் ORD-48213 டெலிவரிக்குப் புறப்பட்டது. ரைடர்: முருகன் வேல். "
        "OTP 483920: பார்சல் பெற்ற பிறகே அவரிடம் கூறவும். டிராக்: https://track.example/ORD-48213",
        UCS,
        169,
        3,
    ),
    Row(
        "out_for_delivery",
        KN,
        Rendering("ಮೈಸೂರು ಸಿಲ್ಕ್ಸ್", rider="ರಮೇಶ್ ಶೆಟ್ಟಿ", otp="483920", track=TRACK),
        "ಮೈಸೂರು ಸಿಲ್ಕ್ಸ್: ನಿಮ್ಮ ಆರ್ಡರ್ ORD-48213 ಡೆಲಿವರಿಗೆ ಹೊರಟಿದೆ. ರೈಡರ್: ರಮೇಶ್ ಶೆಟ್ಟಿ. "
        "OTP 483920: ಪಾರ್ಸೆಲ್ ಪಡೆದ ನಂತರವೇ ರೈಡರ್\u200cಗೆ ತಿಳಿಸಿ. ಟ್ರ್ಯಾಕ್: https://track.example/ORD-48213",
        UCS,
        171,
        3,
    ),
]


class TestTheShippedTexts:
    @pytest.mark.parametrize("row", ROWS)
    def test_with_real_looking_data(self, row: Row) -> None:
        text = shipped_text(row.event_type, row.said, row.language)
        assert text == row.text
        assert parts_of(text) == Parts(row.encoding, row.parts, row.characters)

    def test_the_table_has_every_one(self) -> None:
        shown = {(row.event_type, row.language) for row in ROWS}
        assert shown == {(kind, language) for kind, texts in SHIPPED.items() for language in texts}

    @pytest.mark.parametrize(
        ("event_type", "text"),
        [
            ("order_confirmed", "Chai Point: your order ORD-48213 is confirmed."),
            (
                "out_for_delivery",
                "Chai Point: your order ORD-48213 is out for delivery with Imran Shaikh.",
            ),
            (
                "delivery_failed",
                "Chai Point: we could not deliver your order ORD-48213 (Nobody was at home).",
            ),
        ],
    )
    def test_without_a_link_and_an_otp_nothing_of_them_is_left(
        self, event_type: str, text: str
    ) -> None:
        assert shipped_text(event_type, Rendering()) == text

    @pytest.mark.parametrize(
        ("event_type", "language"),
        [(kind, language) for kind, texts in SHIPPED.items() for language in texts],
    )
    def test_none_has_a_fault(self, event_type: EventType, language: Language) -> None:
        text = SHIPPED[event_type][language]
        assert lint(text, event_type, most_parts=4, longest=30) == []


class TestWhatIsShipped:
    def test_which_languages(self) -> None:
        assert {kind: set(texts) for kind, texts in SHIPPED.items()} == {
            EventType.ORDER_CONFIRMED: {EN, HI},
            EventType.OUT_FOR_DELIVERY: {EN, HI, TA, KN},
            EventType.DELIVERED: {EN, HI},
            EventType.DELIVERY_FAILED: {EN, HI},
            EventType.RETURN_INITIATED: {EN, HI},
        }

    def test_the_version_counts_up_with_every_change(self) -> None:
        texts = json.dumps(SHIPPED, sort_keys=True).encode()
        assert (SHIPPED_VERSION, hashlib.sha256(texts).hexdigest()[:16]) == (2, "34e7817a4ffb725c")

    def test_english_stands_in(self) -> None:
        english = SHIPPED[EventType.DELIVERED][EN]
        assert shipped(EventType.DELIVERED, TA) == (EN, english)
        assert shipped(EventType.DELIVERED, EN) == (EN, english)
        assert shipped(EventType.DELIVERED, HI) == (HI, SHIPPED[EventType.DELIVERED][HI])


class TestRendering:
    @pytest.mark.parametrize(
        ("template", "values", "text"),
        [
            ("Hello", {}, "Hello"),
            ("{a} and {b}", {"a": "x", "b": "y"}, "x and y"),
            ("{a}{a}", {"a": "x"}, "xx"),
            ("Hi[ {a}]!", {"a": "x"}, "Hi x!"),
            ("Hi[ {a}]!", {"a": None}, "Hi!"),
            ("Hi[ {a}]!", {"a": ""}, "Hi!"),
            ("Hi[ {a}]!", {}, "Hi!"),
            ("Hi[ {a} {b}]!", {"a": "x", "b": None}, "Hi!"),
            ("Hi[ {a}][ {b}]!", {"a": None, "b": "y"}, "Hi y!"),
            ("Hi {a}!", {"a": None}, "Hi !"),
        ],
    )
    def test_variables_and_optional_parts(
        self, template: str, values: dict[str, Any], text: str
    ) -> None:
        assert rendered(template, values) == text

    @pytest.mark.parametrize("value", ["{b}", "{a}", "[x]", "[{b}]", "}", "[", r"\1", r"\g<0>"])
    def test_values_are_only_characters(self, value: str) -> None:
        values = {"a": value, "b": "never"}
        assert rendered("{a}", values) == value
        assert rendered("[ {a} ]", values) == f" {value} "
        assert rendered("{a}{a}", values) == value * 2

    @given(st.text(), st.text())
    def test_any_value_comes_out_as_it_is(self, first: str, second: str) -> None:
        values = {"a": first, "b": second}
        optional = f" {second}" if second else ""
        assert rendered("<{a}>[ {b}]", values) == f"<{first}>{optional}"
