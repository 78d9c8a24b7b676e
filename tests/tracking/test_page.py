"""`/t/{token}`: what a customer sees of each state, and of nobody more than is needed."""

import asyncio
import logging
import re
import threading
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from fluent_compiler.bundle import FluentBundle
from prometheus_client import generate_latest

from contracts.sms.languages import Language
from contracts.tracking.links import KEPT_AFTER_THE_END
from contracts.tracking.logos import read_logo
from store.db.database import Database
from store.events.erasure import erase_customer
from store.tables import OptOutLinkRow, PartnerRow
from store.tracking.links import LinkedOrder, revoke_link
from store.tracking.logos import put_logo
from tests.support.customer import Customer
from tests.support.encryption import KEYRING
from tests.support.pictures import a_png
from tests.support.postgres import NOWHERE
from tests.support.shelf import NOW
from tracking import pages
from tracking.languages import NAMES, words_in
from tracking.limits import MISSES_A_MINUTE, PAGES_A_MINUTE
from tracking.pages import load_pages

PHONE = "+919876543210"
SECRETS = (
    *("Asha", "Kulkarni", "Lakshmi", "Pune", "411004", "9876543210"),
    *("Shaikh", "9812345678", "483920", "nobody opened", "did not want it", "Sunita"),
)
"""Of the customer, the rider beyond a first name, the code, and what somebody has written."""

STATES = [
    "order_confirmed",
    "out_for_delivery",
    "delivery_failed",
    "delivered",
    "return_initiated",
]
HOSTILE = 'A & "B" <script>alert(1)</script> {{ 7*7 }} \u2067'


def text_of(html: str) -> str:
    """What is read on a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


class TestEachState:
    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize("state", STATES)
    async def test_in_each_language(
        self, customer: Customer, state: str, language: Language
    ) -> None:
        await customer.happens(state)
        answer = await customer.opens(language)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert f"<h1>{words_in(language)(f'state-{state}')}</h1>" in answer.text
        assert answer.headers["content-language"] == language

    @pytest.mark.parametrize("state", STATES)
    async def test_nothing_personal_is_on_it(self, customer: Customer, state: str) -> None:
        await customer.happens(state)
        html = (await customer.opens()).text
        assert [one for one in SECRETS if one in html] == []

    async def test_the_whole_way_of_a_parcel(self, customer: Customer) -> None:
        for state in ("order_confirmed", "out_for_delivery", "delivery_failed", *STATES[1::2]):
            await customer.happens(state)
            customer.wait(hours=1)
        html = (await customer.opens()).text
        steps = re.findall(r"<li[^>]*>\s*<p>(.*?)</p>", html)
        t = words_in(Language.ENGLISH)
        assert steps == [
            t("step-delivered"),
            t("step-out-for-delivery", attempt=2),
            t("step-delivery-failed"),
            t("step-out-for-delivery", attempt=1),
            t("step-order-confirmed"),
        ]

    async def test_the_latest_that_happened_wins_whatever_came_last(
        self, customer: Customer
    ) -> None:
        customer.wait(hours=2)
        await customer.happens("delivered")
        customer.wait(hours=-1)
        await customer.happens("out_for_delivery")
        assert words_in(Language.ENGLISH)("state-delivered") in (await customer.opens()).text


class TestTheLanguage:
    async def test_the_partner_s_first_and_a_switch_to_the_others(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        await customer.shelf.change(PartnerRow, "shop", sms_language=Language.TAMIL)
        html = (await customer.opens()).text
        assert '<html lang="ta">' in html
        assert re.findall(r'href="\?lang=(\w+)" lang="\1" hreflang="\1"', html) == list(NAMES)
        assert re.findall(r'lang="(\w+)" hreflang="\w+" aria-current="true"', html) == ["ta"]
        assert '<html lang="kn">' in (await customer.opens("kn")).text

    async def test_one_that_we_do_not_speak_is_the_partner_s(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        for asked in ("fr", "EN", "../hi", "hi hi"):
            assert '<html lang="en">' in (await customer.opens(asked)).text

    async def test_a_link_that_leads_nowhere_speaks_the_browser_s(self, customer: Customer) -> None:
        answer = await customer.opens(
            token="A" * 22, **{"accept-language": "fr-FR, hi-IN;q=0.9, en;q=0.8"}
        )
        assert '<html lang="hi">' in answer.text


class TestALinkThatLeadsNowhere:
    async def test_each_reads_the_same(self, customer: Customer, database: Database) -> None:
        await customer.happens("delivered")
        token = await customer.token()
        answers = [
            await customer.opens(token=one)
            for one in ("x", "A" * 22, token[:-1], f"{token}x", "..%2fo", "%00", "a/b/c")
        ]
        customer.wait(seconds=KEPT_AFTER_THE_END.total_seconds())
        answers.append(await customer.opens(token=token))
        customer.now = NOW
        await customer.shelf.change(PartnerRow, "shop", tracking_enabled=False)
        answers.append(await customer.opens(token=token))
        await customer.shelf.change(PartnerRow, "shop", tracking_enabled=True)
        assert (await customer.opens(token=token)).status_code == 200
        await database.write(revoke_link, LinkedOrder("shop", "ORD-1"), NOW, actor="test")
        answers.append(await customer.opens(token=token))
        renewed = await customer.token()
        assert (await customer.opens(token=renewed)).status_code == 200
        await database.write(erase_customer, PHONE, NOW, limit=10)
        answers.append(await customer.opens(token=renewed))
        assert {one.status_code for one in answers} == {404}
        assert len({one.text for one in answers}) == 1
        assert len({one.headers["etag"] for one in answers}) == 1

    async def test_nothing_is_written_by_looking(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        token = await customer.token()
        before = await customer.shelf.count(OptOutLinkRow)
        await customer.opens(token=token)
        await customer.opens(token="A" * 22)
        assert await customer.shelf.count(OptOutLinkRow) == before


class TestTestOrders:
    async def test_a_test_link_shows_test_events_and_says_so(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        await customer.happens("delivered", is_test=True)
        t = words_in(Language.ENGLISH)
        real = (await customer.opens()).text
        test = (await customer.opens(token=await customer.token(is_test=True))).text
        assert t("state-order-confirmed") in real
        assert t("test-order") not in real
        assert t("state-delivered") in test
        assert t("test-order") in test


class TestTheHead:
    async def test_it_is_kept_by_nobody_told_to_nobody_and_indexed_by_nobody(
        self, customer: Customer
    ) -> None:
        await customer.happens("order_confirmed")
        for answer in (await customer.opens(), await customer.opens(token="x")):
            head = answer.headers
            assert head["cache-control"] == "no-store"
            assert head["referrer-policy"] == "no-referrer"
            assert head["x-robots-tag"] == "noindex, nofollow"
            assert head["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in head

    async def test_the_policy_lets_nothing_inline_and_nothing_of_others_in(
        self, customer: Customer
    ) -> None:
        await customer.happens("out_for_delivery")
        answer = await customer.opens()
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src)", answer.text)
        addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
        assert addresses
        assert all(one.startswith(("/t/", "?lang=")) for one in addresses)

    async def test_what_has_not_changed_is_not_sent_again(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        tag = (await customer.opens()).headers["etag"]
        same = await customer.opens(**{"if-none-match": tag})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert same.headers["cache-control"] == "no-store"
        assert (await customer.opens("hi", **{"if-none-match": tag})).status_code == 200
        customer.wait(minutes=1)
        await customer.happens("out_for_delivery")
        assert (await customer.opens(**{"if-none-match": f"W/{tag}"})).status_code == 200

    async def test_head_is_answered_like_get(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        path = f"/t/{await customer.token()}"
        whole, head = await customer.http.get(path), await customer.http.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == whole.headers["etag"]

    async def test_nothing_else_is_taken(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        answer = await customer.http.post(f"/t/{await customer.token()}")
        assert answer.status_code == 405
        assert answer.headers["content-type"].startswith("text/html")


class TestTheBrand:
    async def test_name_logo_and_colour(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        logo = read_logo(a_png())
        partner = await customer.shelf.database.write(put_logo, "shop", logo, NOW, actor="test")
        html = (await customer.opens()).text
        assert "<bdi>Chai Point</bdi>" in html
        served = await customer.http.get(f"/t/logo/{partner.logo_digest}")
        assert (served.content, served.headers["content-type"]) == (logo.content, "image/png")
        assert served.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in served.headers["cache-control"]
        assert f'src="/t/logo/{partner.logo_digest}"' in html
        [style] = re.findall(r'href="([^"]*tracking.css[^"]*)"', html)
        css = (await customer.http.get(unescape(style))).text
        assert ":root{--brand:#0b6e4f;--on-brand:#ffffff}" in css

    @pytest.mark.parametrize("brand", ["", "red", "0b6e4", "0b6e4f;}", "</style>"])
    async def test_a_colour_that_is_none_gets_nowhere(self, customer: Customer, brand: str) -> None:
        answer = await customer.http.get("/t/assets/tracking.css", params={"brand": brand})
        assert answer.status_code == 200
        assert ":root{--brand:#1d4f91;" in answer.text

    @pytest.mark.parametrize(
        "path", ["logo/x", f"logo/{'0' * 32}", "logo/..%2f", "assets/x.css", "assets/..%2fapp.py"]
    )
    async def test_what_there_is_not(self, customer: Customer, path: str) -> None:
        assert (await customer.http.get(f"/t/{path}")).status_code == 404

    async def test_a_name_is_only_a_name(self, customer: Customer) -> None:
        await customer.happens("return_initiated")
        await customer.shelf.change(PartnerRow, "shop", name=HOSTILE)
        html = (await customer.opens()).text
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
        assert "{{ 7*7 }}" in text_of(html)


class TestStoppingTexts:
    async def test_the_link_leads_to_the_page_that_stops_them(self, customer: Customer) -> None:
        await customer.happens("order_confirmed")
        token = await customer.token()
        html = (await customer.opens(token=token)).text
        assert f'href="/t/{token}/texts"' in html
        led = await customer.http.get(f"/t/{token}/texts")
        assert led.status_code == 303
        assert (await customer.http.get(led.headers["location"])).status_code == 200

    async def test_there_is_none_where_nobody_is_texted(self, customer: Customer) -> None:
        customer.order = {"customer": None}
        await customer.happens("order_confirmed")
        token = await customer.token()
        assert "/texts" not in (await customer.opens(token=token)).text
        assert (await customer.http.get(f"/t/{token}/texts")).status_code == 404

    async def test_nor_from_a_wrong_link(self, customer: Customer) -> None:
        assert (await customer.http.get(f"/t/{'A' * 22}/texts")).status_code == 404


class TestLimits:
    async def test_guessing_is_stopped_with_a_page_that_says_when_to_come_back(
        self, customer: Customer
    ) -> None:
        await customer.happens("order_confirmed")
        token = await customer.token()
        statuses = [
            (await customer.opens(token="A" * 22)).status_code for _ in range(MISSES_A_MINUTE + 1)
        ]
        assert statuses == [*[404] * MISSES_A_MINUTE, 429]
        refused = await customer.opens(token=token)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert words_in(Language.ENGLISH)("message-too-often") in refused.text
        customer.wait(minutes=1)
        assert (await customer.opens(token=token)).status_code == 200

    async def test_reading_has_a_limit_far_above_what_a_browser_asks(
        self, customer: Customer
    ) -> None:
        await customer.happens("order_confirmed")
        token = await customer.token()
        limits = customer.app.state.parts.limits
        while limits.has_left("tracking/127.0.0.1", PAGES_A_MINUTE):
            limits.spend_of("tracking/127.0.0.1", PAGES_A_MINUTE)
        assert (await customer.opens(token=token)).status_code == 429


class TestWhenSomethingIsAway:
    async def test_the_database(self, customer: Customer) -> None:
        gone = Database(NOWHERE, KEYRING)
        customer.app.state.parts = replace(customer.app.state.parts, database=gone)
        answer = await customer.opens("kn", token="A" * 22)
        gone.close()
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert words_in(Language.KANNADA)("message-away") in answer.text

    async def test_a_mistake_of_ours_says_nothing(
        self, customer: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await customer.happens("order_confirmed")
        await customer.shelf.change(PartnerRow, "shop", time_zone="Nowhere/At_All")
        answer = await customer.opens()
        assert answer.status_code == 500
        assert "Nowhere" not in answer.text
        assert words_in(Language.ENGLISH)("message-away") in answer.text


class TestWhereATokenMayNotBe:
    async def test_neither_in_metrics_nor_in_logs(
        self, customer: Customer, caplog: pytest.LogCaptureFixture
    ) -> None:
        await customer.happens("order_confirmed")
        token = await customer.token()
        with caplog.at_level(logging.DEBUG):
            await customer.opens(token=token)
            await customer.http.get(f"/t/{token}/texts")
            await customer.shelf.change(PartnerRow, "shop", time_zone="Nowhere/At_All")
            await customer.opens(token=token)
        metrics = generate_latest(customer.app.state.parts.metrics.registry).decode()
        assert 'route="/t/{token}"' in metrics
        assert 'route="/t/{token}/texts"' in metrics
        ours = [one for one in caplog.records if not one.name.startswith("httpx")]
        assert token not in metrics + "".join(one.getMessage() for one in ours)
        assert token not in "".join(one.exc_text or "" for one in ours)


async def test_a_page_weighs_little(customer: Customer) -> None:
    """With the longest words and many attempts, the style and the script among it."""
    for _ in range(4):
        for state in ("out_for_delivery", "delivery_failed"):
            customer.wait(hours=5)
            await customer.happens(state)
    html = (await customer.opens("ta")).text
    addresses = [unescape(one) for one in re.findall(r'"(/t/assets/[^"]*)"', html)]
    assert len(addresses) == 2
    loaded = [(await customer.http.get(one)).content for one in addresses]
    assert len(html.encode()) + sum(map(len, loaded)) < 30_000


async def test_the_first_page_delays_nothing_else(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words are read and pages are made beside the loop on which events are taken."""
    await customer.happens("order_confirmed")
    token = await customer.token()
    begun, go_on, read = threading.Event(), threading.Event(), FluentBundle.from_files

    def read_slowly(*args: Any, **options: Any) -> FluentBundle:
        begun.set()
        assert go_on.wait(20), "nothing else was done meanwhile"
        return read(*args, **options)

    monkeypatch.setattr(FluentBundle, "from_files", read_slowly)
    words_in.cache_clear()
    first_page = asyncio.create_task(customer.opens(token=token))
    assert await asyncio.to_thread(begun.wait, 20)
    assert (await customer.http.get("/healthz")).status_code == 200
    go_on.set()
    assert (await first_page).status_code == 200


async def test_once_they_are_loaded_nobody_reads_words_or_templates(customer: Customer) -> None:
    load_pages()
    await customer.happens("delivery_failed")
    read = words_in.cache_info().misses
    loaded = set(pages._environment().cache or ())
    for language in Language:
        assert (await customer.opens(language)).status_code == 200
    assert words_in.cache_info().misses == read
    assert set(pages._environment().cache or ()) == loaded
