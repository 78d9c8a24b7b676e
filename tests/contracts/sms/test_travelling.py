"""What of a value may travel: the symbol goes and the text stays, whoever is called what."""

from datetime import UTC, datetime, timedelta
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.payload.events import EventType, TrackingEvent
from contracts.sms.dlt import departure
from contracts.sms.languages import Language
from contracts.sms.links import sendable_link, shorteners_in
from contracts.sms.ordinary import is_ordinary
from contracts.sms.rendering import rendered
from contracts.sms.templates import SHIPPED
from contracts.sms.variables import (
    VARIABLES,
    VariableKind,
    as_text_value,
    values_of,
    variables_for,
    with_allowed_links,
    with_fewer_links,
)
from tests.support.factories import make_event, make_groups, make_order

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ANYTHING = st.text(max_size=60)
"""All of Unicode, lone surrogates included."""
SAID = st.one_of(
    ANYTHING, st.text(st.sampled_from("a1 .:/-™₹½⭐️👩🏽‍🚀क्षिtcowww_\u0301\u20e3"), max_size=60)
)
TAGS = {VariableKind.TEXT: "{#alphanumeric#}", VariableKind.URL: "{#url#}"}
SHIPPED_TEXTS = [(kind, language) for kind, texts in SHIPPED.items() for language in texts]


def wide(text: str) -> str:
    """The same in the full-width forms of East Asian typography."""
    return "".join(chr(ord(one) + 0xFEE0) if one != " " else "\u3000" for one in text)


def text_value(said: str) -> str:
    return as_text_value(said, 30)


class TestWhatIsWrittenOtherwise:
    @pytest.mark.parametrize(
        ("said", "read"),
        [
            ("Tea™ House", "Tea House"),
            ("Imran ⭐ Shaikh", "Imran Shaikh"),
            ("Imran⭐Shaikh", "Imran Shaikh"),
            ("Asha 😊", "Asha"),
            ("❤️ Asha", "Asha"),
            ("Ravi 👨🏽‍🍳 Chef", "Ravi Chef"),
            ("Team 🇮🇳", "Team"),
            ("Gate 1️⃣", "Gate 1"),
            ("🏴\U000e0067\U000e0062\U000e007f x", "x"),
            ("COD ₹1249 not ready", "COD Rs 1249 not ready"),
            ("COD ₹ 1249", "COD Rs 1249"),
            ("2½ kg", "2 1/2 kg"),
            ("Flat ½", "Flat 1/2"),
            ("H². No", "H2. No"),
            ("№ 7", "No 7"),
            ("ORD=1|2~3", "ORD 1 2 3"),
            ("Address wrong -> called twice", "Address wrong - called twice"),
            ("Gate no. 3 > closed", "Gate no. 3 closed"),
            ("a^b`c<d>e", "a b'c d e"),
            ("$5", "5"),
            ("Asha\u2019s \u201cBest\u201d \u2013 shop\u2026", 'Asha\'s "Best" - shop...'),
            (wide("Chai Point!"), "Chai Point!"),
            ("\U0001d4d2\U0001d4f1\U0001d4ea\U0001d4f2", "Chai"),
            ("㎏ ㏕", "kg mil"),
            ("\ue000 Private", "Private"),
            ("Café Noël", "Café Noël"),
            ("Cafe\u0301 Noe\u0308l", "Café Noël"),
            ("Flat 10²", "Flat 10 2"),
            ("Plot 7③, m²", "Plot 7 3, m2"),
            ("१०²", "१० 2"),
            (wide("48") + "⁷", "48 7"),
            ("\u3164Asha\u115f \u034f\uffa0", "Asha"),
            ("\u3164", ""),
            ("\u200b\u2800\u1160\u17b4", ""),
            ("M/s R&D #4 @ A+ (old), 50%", "M/s R&D #4 @ A+ (old), 50%"),
        ],
    )
    def test_a_symbol(self, said: str, read: str) -> None:
        assert text_value(said) == read

    @pytest.mark.parametrize(
        "said",
        [
            "लक्ष्मीनारायण साड़ी भण्डार",
            "ನಮ್ಮ ರೈಡರ್\u200cಗೆ",
            "சுப்பிரமணியன்",
            "ക്\u200dഷ ന്യായം",
            "বাংলা ৎ খণ্ড",
            "ગુજરાતી ਪੰਜਾਬੀ ଓଡ଼ିଆ తెలుగు",
            "اردو نام",
            "१२३ ௧௨௩",
        ],
    )
    def test_the_scripts_of_india_stay_as_they_are(self, said: str) -> None:
        assert text_value(said) == said

    @pytest.mark.parametrize(
        ("said", "read"),
        [
            ("Imran www.deal.example", "Imran"),
            ("Imran www", "Imran"),
            ("bit.ly/x1 Imran", "Imran"),
            ("see https://a.example/x now", "see now"),
            ("Ring (bit.ly)", "Ring"),
            (wide("bit.ly/x"), ""),
            ("go.bit.ly", ""),
            ("a" * 25 + " t.company", "a" * 25),  # which would be cut to t.co
            ("chaipoint.in", "chaipoint.in"),
        ],
    )
    def test_a_link_goes_and_the_words_stay(self, said: str, read: str) -> None:
        assert text_value(said) == read

    def test_the_rider_s_phone_goes_however_it_is_written(self) -> None:
        for written in ("98123⭐45678", wide("9812345678"), "98123|45678", "+91=9812345678"):
            assert as_text_value(f"Imran {written}", 30, "+919812345678") == "Imran"


class TestWhatIsAlwaysThere:
    @pytest.mark.parametrize("nothing", ["⭐", "™", "\u200b", "https://a.example", "www.", "🇮🇳 🏴"])
    def test_there_is_a_word_for_it(self, nothing: str) -> None:
        values = values_of(
            an_event(EventType.OUT_FOR_DELIVERY, nothing), shop=nothing, opt_out=None
        )
        assert (values["shop"], values["rider"], values["order_id"]) == (
            "Your shop",
            "our rider",
            "-",
        )
        assert values["customer"] is values["city"] is None

    def test_every_such_word_may_travel(self) -> None:
        for variable in VARIABLES:
            assert text_value(variable.instead) == variable.instead


class TestLinks:
    @pytest.mark.parametrize(
        "link",
        [
            "https://j.mp/x1",
            "https://bitly.com/x1",
            "https://WA.me/1",
            "https://www.tinyurl.com/a",
            "https://go.rb.gy/a",
            "https://t.co/a",
            "https://goo.gl/a",
            "https://is.gd/a",
            "https://cutt.ly/a",
            "https://track.example.com/⭐",
            "https://ट्रैक.example/1",
            "https://track.example.com/" + "x" * 100,
            'https://track.example.com/"x"',
        ],
    )
    def test_one_that_may_not_travel(self, link: str) -> None:
        assert sendable_link(link) is None

    def test_its_scheme_is_in_small_letters(self) -> None:
        assert sendable_link("HTTPS://Track.example/A?x=1~2") == "https://Track.example/A?x=1~2"

    def test_one_that_begins_with_nothing_allowed_is_left_out(self) -> None:
        values = {"shop": "x", "track": "https://a.example.com/1", "opt_out": "https://b.example/o"}
        assert with_allowed_links(values, ["https://a.example/"]) == {
            "shop": "x",
            "track": None,
            "opt_out": None,
        }
        assert with_allowed_links(values, []) == values
        assert with_allowed_links(values, ["https://a.example.com/"])["track"] is not None

    def test_the_most_links_come_first(self) -> None:
        values = {"shop": "x", "track": "https://a.example/1", "opt_out": "https://b.example/o"}
        fewer = list(with_fewer_links(values, "{shop} {track} {opt_out}"))
        ways = [(one["track"] is None, one["opt_out"] is None) for one in fewer]
        assert ways == [(False, False), (True, False), (False, True), (True, True)]

    def test_that_to_answer_comes_first_and_none_beside_it_follows_the_parcel(self) -> None:
        values = {"shop": "x", "track": "https://a.example/1", "answer": "https://b.example/t/1"}
        fewer = list(with_fewer_links(values, "{shop}[ {answer}][ {track}]"))
        ways = [(one["answer"] is None, one["track"] is None) for one in fewer]
        assert ways == [(False, True), (True, False), (True, True)]

    def test_one_that_no_text_names_makes_no_difference(self) -> None:
        values = {"shop": "x", "track": "https://a.example/1", "answer": "https://b.example/t/1"}
        assert [one["track"] for one in with_fewer_links(values, "{shop} {track}")] == [
            "https://a.example/1",
            None,
        ]


class TestAllOfUnicode:
    @example("\u0134\u200c\ufdfd")
    @given(SAID)
    def test_only_what_may_travel_is_left(self, said: str) -> None:
        value = text_value(said)
        assert len(value) <= 30
        assert all(is_ordinary(character) for character in value)
        assert value == " ".join(value.split())
        assert not shorteners_in(value)
        assert not any("\ufe00" <= one <= "\ufe0f" or category(one) == "Me" for one in value)
        assert text_value(value) == value

    @pytest.mark.parametrize(("event_type", "language"), SHIPPED_TEXTS)
    @given(shop=SAID, said=SAID, link=st.one_of(SAID, SAID.map("https://{}".format)))
    def test_every_text_matches_what_is_registered_of_it(
        self, event_type: EventType, language: Language, shop: str, said: str, link: str
    ) -> None:
        """With its link, or without where that may not travel: nothing takes the OTP with it."""
        values = values_of(an_event(event_type, said, link), shop=shop, opt_out=None)
        template = SHIPPED[event_type][language]
        registered = [
            as_registered(event_type, template, with_link=with_link) for with_link in (True, False)
        ]
        text = rendered(template, values)
        fewest = rendered(template, list(with_fewer_links(values, template))[-1])
        assert departure(registered[1], fewest) is None
        if values.get("track"):
            assert departure(registered[0], text) is None


def as_registered(event_type: EventType, template: str, *, with_link: bool) -> str:
    """A shipped text as somebody would register it."""
    tags: dict[str, str | None] = {
        one.name: TAGS.get(one.kind, "{#numeric#}") for one in variables_for(event_type)
    }
    tags["answer"] = None
    if not with_link:
        tags["track"] = None
    return rendered(template, tags)


def an_event(event_type: EventType, said: str, link: str = "https://a.example/1") -> TrackingEvent:
    """An event that says this everywhere; as it would be read from the database, unchecked."""
    otp = {
        "code": "483920",
        "valid_from": NOW.isoformat(),
        "valid_until": (NOW + timedelta(minutes=45)).isoformat(),
    }
    event = TrackingEvent.model_validate(
        make_event(event_type, data=make_groups(otp=otp, order=make_order()))
    )
    data = event.data
    order = data.order.model_copy(
        update={
            "order_id": said,
            "tracking_url": link,
            "customer": data.order.customer
            and data.order.customer.model_copy(update={"name": said}),
            "delivery_address": data.order.delivery_address.model_copy(update={"city": said}),
        }
    )
    changed = {
        "order": order,
        "rider": data.rider
        and data.rider.model_copy(update={"name": said, "vehicle_number": said}),
        "failure": data.failure and data.failure.model_copy(update={"reason_text": said}),
        "return_": data.return_ and data.return_.model_copy(update={"reason_text": said}),
        "delivery": data.delivery and data.delivery.model_copy(update={"received_by": said}),
    }
    return event.model_copy(update={"data": data.model_copy(update=changed)})
