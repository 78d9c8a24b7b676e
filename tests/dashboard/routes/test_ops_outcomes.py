"""Outcomes of all partners for operations: the worst first, files, and calls out of a file."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.access.users import Role
from store.tables import AuditEntryRow, WismoCallsRow
from tests.support.outcomes import TODAY, add_day
from tests.support.shelf import NOW, Shelf
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor

PLACE = "/ops/outcomes"
MARCH = "from=2026-02-23&to=2026-03-08"
RANGE = {"from": "2026-02-23", "to": "2026-03-08"}


async def add(stack: Stack, partner_id: str, policy: int, within_90s: int, **counts: int) -> None:
    """A partner of which so many of 1,000 messages arrived."""
    await Shelf(stack.database).add_partner(partner_id)
    arrived = {"webhooks_within_policy": policy, "webhooks_within_90s": within_90s}
    events = {"events_accepted": 1_000, "webhooks": 1_000, "webhooks_delivered": 1_000}
    await add_day(stack.database, TODAY, partner_id, **events, **arrived, **counts)


@pytest.fixture
async def office(visitor: Visitor, stack: Stack) -> Visitor:
    """Somebody of operations, two days after NOW; four partners, and `shop` without events."""
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, clock=lambda: NOW + timedelta(days=2))
    await add(stack, "well", 1_000, 1_000)
    await add(stack, "slow", 995, 900)
    await add(stack, "slower", 995, 899)
    await add(stack, "ill", 700, 999)
    await Shelf(stack.database).add_partner("quiet")
    await add_day(stack.database, TODAY, "quiet", events_accepted=1)
    return await visitor.sign_in_as(Role.OPS)


class TestTheTable:
    async def test_the_worst_comes_first(self, office: Visitor) -> None:
        page = await office.get(f"{PLACE}?{MARCH}")
        links = [
            page.html.index(f'href="/dashboard/p/{one}/outcomes?')
            for one in ("ill", "slower", "slow", "well", "quiet")
        ]
        assert links == sorted(links)
        assert "70 % below the target 700 of 1,000" in page.text
        assert "Partners 5 Below the target within the policy 3" in page.text
        assert "/p/shop/outcomes" not in page.html

    async def test_all_together_are_below_it_with_their_chart(self, office: Visitor) -> None:
        page = await office.get(f"{PLACE}?{MARCH}")
        assert "All partners together 4,001 92.25 % below the target 3,690 of 4,000" in page.text
        assert "2 Mar 92.25 %; target: 99.6 %" in page.text
        assert "Counted: messages that arrived within 90 seconds." in page.text

    async def test_what_was_before_is_beside_each(self, office: Visitor, stack: Stack) -> None:
        given = {"partner_id": "ill", "figure": "delivered_within_policy", "value": "0.65"}
        days = {"from": "2025-06-01", "to": "2025-08-31"}
        answer = await stack.api.put("/v1/outcomes/baselines", json={**given, **days})
        assert answer.status_code == 200, answer.text
        page = await office.get(f"{PLACE}?{MARCH}")
        assert "700 of 1,000 before: 65 % (+5 points)" in page.text
        assert page.text.count("before: ") == 1

    async def test_each_partners_page_has_the_same_days(self, office: Visitor) -> None:
        page = await office.get(f"{PLACE}?{MARCH}&by=day")
        query = "from=2026-02-23&amp;to=2026-03-08&amp;by=day"
        assert f'href="/dashboard/p/ill/outcomes?{query}"' in page.html

    async def test_it_is_twelve_weeks_unless_asked_otherwise(self, office: Visitor) -> None:
        assert "11 Dec 2025 to 4 Mar 2026, by week" in (await office.get(PLACE)).text
        page = await office.get(f"{PLACE}?from=2026-04-01&to=2026-03-01")
        assert page.status == 422
        assert "The first day has to be before the last" in page.text

    async def test_fifty_are_on_a_page(self, office: Visitor, stack: Stack) -> None:
        for number in range(50):
            await add(stack, f"p-{number:03}", 1_000, 1_000)
        first = await office.get(f"{PLACE}?{MARCH}")
        assert first.html.count('<th scope="row"><a') == 50
        assert 'rel="next"' in first.html
        second = await office.get(f"{PLACE}?{MARCH}&page=2")
        assert second.html.count('<th scope="row"><a') == 5

    async def test_files_are_what_the_api_gives(self, office: Visitor, stack: Stack) -> None:
        before = {"partner_id": "ill", "figure": "delivered_in_the_end", "value": "0.25"}
        days = {"from": "2025-06-01", "to": "2025-08-31"}
        await stack.api.put("/v1/outcomes/baselines", json={**before, **days})
        for kind in ("csv", "json"):
            answer = await office.http.get(f"/dashboard{PLACE}.{kind}?{MARCH}")
            given = await stack.api.get("/v1/outcomes/partners", params={**RANGE, "format": kind})
            assert answer.status_code == given.status_code == 200
            assert answer.text == given.text if kind == "csv" else answer.json() == given.json()


async def send(office: Visitor, content: bytes, **fields: str) -> Page:
    """Send a file as a browser does; the page that it leads to."""
    answer = await office.http.post(
        f"/dashboard{PLACE}/calls",
        data={"csrf": await office.csrf(), **fields},
        files={"calls": ("calls.csv", content, "text/csv")},
        headers={"sec-fetch-site": "same-origin"},
        follow_redirects=True,
    )
    return Page(answer.status_code, answer.text, str(answer.url))


class TestCalls:
    async def test_a_file_is_taken_shown_and_written_down(
        self, office: Visitor, stack: Stack
    ) -> None:
        shelf = Shelf(stack.database)
        await add_day(stack.database, date(2026, 3, 3), "well", orders=200)
        content = b"\xef\xbb\xbfpartner_id;day;calls\r\nwell;2026-03-03;9\r\nill;2026-03-02;4\r\n"
        page = await send(office, content)
        assert page.status == 200
        assert "The calls of 2 partners and days are taken." in page.text
        assert "4.50 9 of 200" in page.text
        await send(office, content.replace(b";9", b";8"))
        rows = await shelf.all_rows(WismoCallsRow)
        assert {row.partner_id: row.calls for row in rows} == {"well": 8, "ill": 4}
        entries = [one for one in await shelf.all_rows(AuditEntryRow) if "calls" in one.details]
        assert sorted(str(one.details["calls"]) for one in entries) == [
            *("[9, 8]", "[None, 4]", "[None, 9]")
        ]

    async def test_one_wrong_line_and_nothing_is_taken(self, office: Visitor, stack: Stack) -> None:
        shelf = Shelf(stack.database)
        for line, fault in (
            (b"nobody,2026-03-02,1", "Line 3: no partner nobody"),
            (b"ill,2/3/2026,1", "Line 3: day: send a date such as 2026-11-30"),
        ):
            page = await send(office, b"partner_id,day,calls\nwell,2026-03-03,9\n" + line)
            assert page.status == 422
            assert "Nothing of the file was taken." in page.text
            assert fault in page.text
            assert await shelf.all_rows(WismoCallsRow) == []

    async def test_a_file_that_is_too_large_is_refused(self, office: Visitor) -> None:
        page = await send(office, b"x" * 300_000)
        assert page.status == 413
        assert "That is too large" in page.text

    async def test_it_needs_the_sessions_token(self, office: Visitor, stack: Stack) -> None:
        content = b"partner_id,day,calls\nwell,2026-03-03,9\n"
        assert (await send(office, content, csrf="another")).status == 403
        assert await Shelf(stack.database).all_rows(WismoCallsRow) == []


class TestWhoSeesThem:
    @pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
    async def test_to_a_partner_they_do_not_exist(self, visitor: Visitor, role: Role) -> None:
        partner = await visitor.sign_in_as(role, "shop")
        for place in (PLACE, f"{PLACE}.csv", f"{PLACE}.json"):
            assert (await partner.get(place)).status == 404
        assert (await send(partner, b"partner_id,day,calls\nshop,2026-03-03,9\n")).status == 404
