"""A partner's outcomes: figures with what they are made of, any range, files, the weekly report."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.access.users import Role
from store.tables import PartnerRow
from tests.support.outcomes import A_DAY, TODAY, add_day
from tests.support.shelf import NOW, Shelf
from tests.support.stack import Stack
from tests.support.visitor import Visitor

PLACE = "/p/shop/outcomes"
MARCH = "from=2026-02-23&to=2026-03-08"


@pytest.fixture(autouse=True)
async def counted(stack: Stack, visitor: Visitor) -> None:
    """Two weeks of `shop`, the second below its targets; it is the Wednesday of the second."""
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, clock=lambda: NOW + timedelta(days=2))
    await add_day(stack.database, date(2026, 2, 25), **A_DAY)
    await add_day(stack.database, TODAY, **{**A_DAY, "webhooks_within_policy": 1_590})


class TestFigures:
    async def test_each_has_its_definition_and_what_it_is_made_of(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}?{MARCH}")
        assert page.status == 200
        assert "arrived within 90 s 99.81 % 3,188 of 3,194; target: 99.6 %" in page.text
        assert "had arrived 90 seconds after we took the event" in page.text
        assert "Counted: messages that arrived within 90 seconds." in page.text
        assert "Out of: all messages that were to be sent to your endpoints." in page.text

    async def test_what_is_below_its_target_says_so(self, owner: Visitor) -> None:
        second = await owner.get(f"{PLACE}?from=2026-03-02&to=2026-03-08")
        assert "99.56 % below the target" in second.text
        first = await owner.get(f"{PLACE}?from=2026-02-23&to=2026-03-01")
        assert "below the target" not in first.text

    async def test_what_is_modelled_says_so(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}?{MARCH}")
        assert "Money saved at the door model" in page.text
        assert "A model: what the saved attempts would have cost" in page.text

    async def test_a_whole_number_is_written_out(self, owner: Visitor, stack: Stack) -> None:
        every = {"webhooks_within_policy": A_DAY["webhooks"], "webhooks_within_90s": 0}
        await add_day(stack.database, TODAY - timedelta(days=365), **{**A_DAY, **every})
        page = await owner.get(f"{PLACE}?from=2025-02-24&to=2025-03-09")
        assert "100 %; target: 99.6 %" in page.text
        assert "E+" not in page.html

    async def test_the_picture_has_its_numbers_in_words(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}?{MARCH}")
        said = "23 Feb 99.87 %; 2 Mar 99.56 %; target: 99.6 %"
        assert said in page.text
        assert "23 Feb to 1 Mar 2026" in page.text

    async def test_what_was_before_is_beside_it(self, owner: Visitor, stack: Stack) -> None:
        for figure, value in (("delivered_within_policy", "0.9"), ("orders", "920")):
            given = {"partner_id": "shop", "figure": figure, "value": value}
            days = {"from": "2025-06-01", "to": "2025-08-31"}
            answer = await stack.api.put("/v1/outcomes/baselines", json={**given, **days})
            assert answer.status_code == 200, answer.text
        page = await owner.get(f"{PLACE}?{MARCH}")
        assert "99.71 % 3,185 of 3,194 99.6 % 90 % +9.72 points" in page.text
        report = await owner.get(f"{PLACE}/report?week=2026-03-04")
        assert "99.6 % 90 % +9.56 points" in report.text
        # of as many days: those until today, of 92
        assert "800 - 100 +700" in page.text

    async def test_without_events_it_says_so(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}?from=2025-01-01&to=2025-01-31")
        assert "Nothing was counted in these days." in page.text


class TestTheRange:
    async def test_it_is_twelve_weeks_by_week_unless_asked_otherwise(self, owner: Visitor) -> None:
        page = await owner.get(PLACE)
        assert "11 Dec 2025 to 4 Mar 2026, by week" in page.text
        assert 'name="from" type="date" value="2025-12-11"' in page.html
        await owner.get(f"{PLACE}?from=&to=&by=")

    async def test_by_day_each_day_is_a_line(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}?{MARCH}&by=day")
        assert '<th scope="row">25 Feb</th>' in page.html
        assert '<th scope="row">2 Mar</th>' in page.html

    @pytest.mark.parametrize(
        ("query", "fault"),
        [
            ("from=2026-03-09&to=2026-03-08", "The first day has to be before the last"),
            ("from=2020-01-01&to=2026-03-08", "These are too many days"),
            ("from=02-03-2026", "From: give a day, such as 2026-11-30"),
            ("to=0001-01-01", "To: give a day of the years 2000 to 2999"),
            ("by=year", "By: choose one of those"),
        ],
    )
    async def test_what_is_none_is_told_and_can_be_mended(
        self, owner: Visitor, query: str, fault: str
    ) -> None:
        page = await owner.get(f"{PLACE}?{query}")
        assert page.status == 422
        assert fault in page.text
        assert (await owner.get(f"{PLACE}.csv?{query}")).status == 422


class TestFiles:
    @pytest.mark.parametrize("by", ["day", "week"])
    async def test_they_are_what_the_api_gives(self, owner: Visitor, stack: Stack, by: str) -> None:
        asked = {"from": "2026-02-23", "to": "2026-03-08", "by": by, "partner_id": "shop"}
        for kind in ("csv", "json"):
            answer = await owner.http.get(f"/dashboard{PLACE}.{kind}?{MARCH}&by={by}")
            given = await stack.api.get("/v1/outcomes", params={**asked, "format": kind})
            assert answer.status_code == given.status_code == 200
            assert answer.headers["content-type"] == given.headers["content-type"]
            assert (
                answer.headers["content-disposition"] == f'attachment; filename="outcomes.{kind}"'
            )
            if kind == "csv":
                assert answer.text == given.text
            else:
                assert answer.json() == given.json()


class TestTheReport:
    async def test_the_week_is_beside_the_one_before_and_the_target(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}/report?week=2026-03-04")
        assert "Week of Chai Point: 2 Mar to 8 Mar 2026" in page.text
        line = (
            "Messages that arrived within the policy 99.56 % below the target 1,590 of 1,597 "
            "99.87 % \N{MINUS SIGN}0.31 points 99.6 %"
        )
        assert line in page.text
        assert "New orders 400 400 the same -" in page.text
        assert "This week is not over yet." in page.text

    async def test_it_is_of_the_last_week_that_is_over(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}/report")
        assert "23 Feb to 1 Mar 2026" in page.text
        assert "This week is not over yet." not in page.text
        assert f'href="/dashboard{PLACE}/report?week=2026-02-16"' in page.html
        assert f'href="/dashboard{PLACE}/report?week=2026-03-02"' in page.html

    async def test_what_is_no_day_is_told(self, owner: Visitor) -> None:
        page = await owner.get(f"{PLACE}/report?week=9999-12-31")
        assert page.status == 422
        assert "Week: give a day of the years 2000 to 2999" in page.text


class TestWhoSeesThem:
    @pytest.fixture
    async def rival(self, stack: Stack) -> None:
        """Another partner, with figures of its own."""
        await Shelf(stack.database).add_partner("rival")
        await Shelf(stack.database).change(PartnerRow, "rival", name="Dosa Corner")
        await add_day(stack.database, TODAY, "rival", **{**A_DAY, "webhooks_within_policy": 7})

    @pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
    @pytest.mark.usefixtures("rival")
    async def test_a_partners_people_see_their_own(self, visitor: Visitor, role: Role) -> None:
        reader = await visitor.sign_in_as(role, "shop")
        for place in (PLACE, f"{PLACE}/report", f"{PLACE}.csv", f"{PLACE}.json"):
            page = await reader.get(place)
            assert page.status == 200
            assert "Dosa Corner" not in page.html
            assert "rival" not in page.html
            assert (await reader.get(place.replace("shop", "rival"))).status == 404
        assert (await reader.get("/outcomes")).url.endswith(PLACE)

    async def test_ops_see_each_partners(self, ops: Visitor) -> None:
        assert (await ops.get(PLACE)).status == 200
        assert (await ops.get("/outcomes")).url.endswith("/ops/outcomes")

    async def test_nobody_else_does(self, visitor: Visitor) -> None:
        for place in (PLACE, f"{PLACE}/report", f"{PLACE}.csv", "/outcomes"):
            assert (await visitor.get(place)).url.endswith("/sign-in")
