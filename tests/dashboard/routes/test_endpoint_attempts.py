"""The tab Attempts of an endpoint: equal answers put together, filters, pages."""

import re
from datetime import timedelta

import pytest

from contracts.clock import utc_now
from store.deliveries import attempt_log
from store.tables import EndpointRow
from tests.dashboard.routes.endpoint_fixtures import answered
from tests.support.shelf import Shelf
from tests.support.visitor import Visitor


async def test_equal_answers_are_one_line_that_opens_to_each(
    member: Visitor, shelf: Shelf, place: str
) -> None:
    await answered(shelf, 200, 503, 503, 503)
    page = await member.get(f"{place}/attempts")
    assert "answered 503 (Service Unavailable)" in page.text
    assert "\u00d7 3" in page.text
    assert page.html.count("<tbody") == 1
    assert len(re.findall(r"<tr[^>]*>\s*<th scope=\"row\"", page.html)) == 2
    assert len(re.findall(r"/p/shop/events/", page.html)) == 4
    assert len(re.findall(r"orders\?order_id=", page.html)) == 4
    assert "body of 503" in page.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("answer=2xx", {200}),
        ("answer=4xx", {404}),
        ("answer=5xx", {503}),
        ("answer=none", set()),
        ("type=delivered", {404}),
        ("type=delivered&answer=5xx", set()),
        ("answer=nonsense", {200, 404, 503}),
    ],
)
async def test_they_are_filtered(
    member: Visitor, shelf: Shelf, place: str, query: str, shown: set[int]
) -> None:
    await answered(shelf, 200, 503)
    await answered(shelf, 404, kind="delivered")
    page = await member.get(f"{place}/attempts?{query}")
    assert {one for one in (200, 404, 503) if f"answered {one}" in page.text} == shown
    if not shown:
        assert "No attempt with these filters here" in page.text


async def test_days_are_those_of_the_shop_and_a_reversed_range_is_told(
    member: Visitor, shelf: Shelf, place: str
) -> None:
    await answered(shelf, 200)
    today, before = utc_now().date(), utc_now().date() - timedelta(days=3)
    page = await member.get(f"{place}/attempts?from={before}&to={today + timedelta(days=1)}")
    assert "answered 200" in page.text
    assert "answered 200" not in (await member.get(f"{place}/attempts?to={before}")).text
    wrong = await member.get(f"{place}/attempts?from={today}&to={before}")
    assert (wrong.status, "is later than" in wrong.text) == (422, True)


async def test_the_next_page_goes_on_however_few_are_wanted(
    member: Visitor, shelf: Shelf, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt_log, "_LOOKED_THROUGH", 3)
    await answered(shelf, 404, 200, 200, 200)
    first = await member.get(f"{place}/attempts?answer=4xx")
    assert "No attempt with these filters here" in first.text
    [older] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
    second = await member.get(older.replace("&amp;", "&"))
    assert "answered 404" in second.text
    assert 'rel="next"' not in second.html


async def test_tests_are_named(
    member: Visitor, shelf: Shelf, endpoint: EndpointRow, place: str
) -> None:
    await answered(shelf, 200, is_test=True)
    page = await member.get(f"{place}/attempts")
    assert re.search(r'class="pill quiet">.*Test</span>', page.html)


async def test_all_of_them_are_a_file_with_the_same_filters(
    member: Visitor, shelf: Shelf, place: str
) -> None:
    await answered(shelf, 200, 503, 503)
    page = await member.get(f"{place}/attempts?answer=5xx")
    [address] = re.findall(r'href="/dashboard([^"]+/attempts\.csv[^"]*)"', page.html)
    header, *rows = (await member.get(address)).html.strip().splitlines()
    assert "Began (Asia/Kolkata)" in header
    assert len(rows) == 2
    assert all("answered 503" in one and ",503,120,1," in one for one in rows)
