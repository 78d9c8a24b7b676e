"""Every e-mail says what happened, names the event and its answer, and has one thing to do."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from contracts.brand import Brand
from contracts.notifications.kinds import OPTIONAL_KINDS
from contracts.notifications.kinds import NotificationKind as Kind
from contracts.notifications.mail import MailItem, Rendered
from mails.rendering import MOST_NAMED, MailPages
from mails.translations import FOLDER, languages, words_in
from tests.mails.samples import ABOUT, BASE_URL, ENDPOINT, HOST, PREFERENCES, an_item, content_of

PAGES = MailPages()
_ID = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
_VOID = {"meta", "br", "img"}


def rendered(*items: MailItem, **other: Any) -> Rendered:
    """An e-mail of these."""
    return PAGES.render(content_of(*items, **other))


class Page(HTMLParser):
    """An HTML text, read: where it links to, what it says, and whether each element ends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class TestEachKind:
    @pytest.mark.parametrize("language", sorted(languages()))
    @pytest.mark.parametrize("kind", Kind)
    def test_it_is_told_in_each_language(self, kind: Kind, language: str) -> None:
        item = an_item(kind)
        mail = rendered(item, language=language)
        page = Page(mail.html)
        t = words_in(language)
        assert page.open == []
        assert mail.subject.startswith("Chai Point: ")
        assert mail.subject in mail.text
        assert t(f"{kind}-do") in page.text
        assert item.link in page.links
        assert item.link in mail.text
        assert "Priya Nair" in mail.text
        assert not re.search(r"None|\{|\$|undefined", mail.text + page.text)

    @pytest.mark.parametrize("kind", Kind)
    def test_both_texts_say_the_same_facts(self, kind: Kind) -> None:
        mail = rendered(an_item(kind))
        facts = re.findall(r"^([A-Z][\w ]+|Its answer): (.+)$", mail.text, re.MULTILINE)
        for label, value in facts:
            if label not in ("Chai Point", "Help"):
                assert f"{label} {value}" in Page(mail.html).text

    @pytest.mark.parametrize("kind", Kind)
    def test_what_it_is_told_with_may_be_missing(self, kind: Kind) -> None:
        mail = rendered(an_item(kind, about={}))
        assert "None" not in mail.text

    def test_an_endpoint_that_fails_names_the_event_and_the_answer(self) -> None:
        mail = rendered(an_item())
        assert mail.subject == f"Chai Point: The endpoint at {HOST} is failing"
        assert "Last event: Delivery failed, order CP-1042, evt_01HZX\n" in mail.text
        assert "Its answer: HTTP 503\n" in mail.text
        assert "Since: 30 Nov 2026, 13:00 India Time\n" in mail.text
        assert f"See what it answered:\n{BASE_URL}/p/chai-point/endpoints/ep_1\n" in mail.text

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ({"status": None, "code": "timeout"}, "no answer in time"),
            ({"status": None, "code": "forbidden_address"}, "not allowed"),
            ({"status": None, "code": "of_tomorrow"}, "failed (of_tomorrow)"),
        ],
    )
    def test_an_answer_that_did_not_come(self, answer: dict[str, Any], said: str) -> None:
        assert said in rendered(an_item(about={**ENDPOINT, **answer})).text

    def test_a_week_shows_its_figures_beside_those_before(self) -> None:
        text = rendered(an_item(Kind.WEEKLY_OUTCOMES)).text
        assert "Events taken: 12,045 (before: 11,000)" in text
        assert "Messages that arrived within the policy: 99.9 % (before: -)" in text
        assert "Cost of re-deliveries avoided: ₹13,270 (before: ₹0)" in text
        assert "of_tomorrow" not in text

    def test_what_belongs_to_no_partner_names_none(self) -> None:
        item = an_item(Kind.SMS_SUSPENDED, partner_id=None, partner_name=None)
        assert rendered(item).subject == "SMS are stopped"

    def test_an_invitation_to_ops_is_in_the_company_s_name(self) -> None:
        item = an_item(Kind.INVITATION, partner_id=None, partner_name=None)
        mail = rendered(item, brand=Brand("Swift Logistics"))
        assert mail.subject == "You are invited to the dashboard of Swift Logistics"
        assert "invitations/token-of-the-link" in mail.text


class TestPreferences:
    @pytest.mark.parametrize("kind", Kind)
    def test_only_what_may_be_switched_off_says_where(self, kind: Kind) -> None:
        mail = rendered(an_item(kind))
        said = PREFERENCES in mail.text, PREFERENCES in Page(mail.html).links
        assert said == ((kind in OPTIONAL_KINDS),) * 2


class TestBundles:
    def test_a_hundred_endpoints_are_one_mail_that_names_ten(self) -> None:
        mail = rendered(*(an_item(number=number) for number in range(100)))
        page = Page(mail.html)
        assert mail.subject == "Chai Point: 100 endpoints are failing"
        named = {one for one in page.links if "/endpoints/ep_" in one}
        assert len(named) == MOST_NAMED
        assert f"and 90 more: {BASE_URL}/p/chai-point/endpoints\n" in mail.text
        assert f"{BASE_URL}/p/chai-point/endpoints" in page.links
        assert len(mail.html) < 40_000

    def test_of_many_partners_each_is_named_and_ops_has_them_all(self) -> None:
        items = [
            an_item(partner_id=f"shop-{number}", partner_name=f"Shop {number}")
            for number in range(12)
        ]
        mail = rendered(*items)
        assert mail.subject == "12 endpoints are failing, at 12 shops"
        assert "Shop: Shop 3\n" in mail.text
        assert f"and 2 more: {BASE_URL}/ops\n" in mail.text

    def test_several_kinds_are_told_apart_the_most_pressing_first(self) -> None:
        items = [an_item(Kind.ENDPOINT_RECOVERED, 1), an_item(number=2), an_item(number=3)]
        mail = rendered(*items)
        assert mail.subject == "Chai Point: 2 endpoints are failing, and one more thing"
        failing = mail.text.index("2 endpoints are failing\n")
        assert failing < mail.text.index(f"The endpoint at {HOST} works again")
        assert Page(mail.html).open == []

    @pytest.mark.parametrize("kind", OPTIONAL_KINDS)
    @pytest.mark.parametrize("language", sorted(languages()))
    def test_every_kind_that_may_come_together(self, kind: Kind, language: str) -> None:
        mail = rendered(*(an_item(kind, number) for number in (1, 2)), language=language)
        assert words_in(language)(f"{kind}-many", count=2) in mail.text


class TestWhatPeopleWrite:
    def test_names_are_text_and_nothing_else(self) -> None:
        name = "<script>alert(1)</script>"
        mail = rendered(an_item(partner_name=name, about={**ENDPOINT, "host": "a&b<i>"}))
        assert "<script>" not in mail.html
        assert "a&amp;b&lt;i&gt;" in mail.html
        assert "a&b<i>" in mail.text

    def test_a_name_breaks_no_line(self) -> None:
        mail = rendered(an_item(partner_name="Chai\r\nPoint\u2028x"), recipient_name="Pri\nya")
        assert mail.subject.startswith("Chai Point x: ")
        assert mail.text.startswith("Hello Pri ya,\n")

    @pytest.mark.parametrize(
        "name", ["https://evil.example/win", "www.evil.example", "evil.example"]
    )
    def test_no_name_becomes_a_link(self, name: str) -> None:
        item = an_item(Kind.INVITATION, about={"by": name})
        mail = rendered(item, recipient_name=name)
        assert name not in mail.text
        assert name not in mail.html
        assert name.replace(".", ".\u2060") in mail.text.replace(":\u2060", ":")


class TestTheBrand:
    def test_its_name_colour_and_help(self) -> None:
        brand = Brand("Swift", colour="#ffcc00", help_address="mailto:help@swift.example")
        mail = rendered(an_item(), brand=brand)
        assert brand.light is not None
        assert brand.dark is not None
        assert f"background:{brand.light.brand}" in mail.html
        assert f"background: {brand.dark.brand}" in mail.html
        assert "Help: help@swift.example" in mail.text
        assert "mailto:help@swift.example" in Page(mail.html).links

    def test_a_logo_elsewhere_is_shown(self) -> None:
        brand = Brand("Swift", logo_address="https://cdn.example.com/logo.png")
        assert 'src="https://cdn.example.com/logo.png"' in rendered(an_item(), brand=brand).html
        assert "<img" not in rendered(an_item()).html


class TestTheWords:
    def test_every_kind_has_a_sample(self) -> None:
        assert set(ABOUT) == set(Kind)

    @pytest.mark.parametrize("language", sorted(languages()))
    def test_a_language_has_all_messages_and_no_other(self, language: str) -> None:
        assert _written(language) == _written("en")

    def test_one_that_there_is_not_is_english(self) -> None:
        assert rendered(an_item(), language="ta").text == rendered(an_item()).text


def _written(language: str) -> set[str]:
    files = (FOLDER / language).glob("*.ftl")
    return {name for file in files for name in _ID.findall(file.read_text())}
