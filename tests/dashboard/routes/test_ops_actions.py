"""Actions over several partners: asked first, done at each by itself, audited and told."""

import re
from dataclasses import replace

import pytest

from contracts.access.audit import AuditAction
from contracts.access.users import Role
from contracts.delivery.states import DeliveryState, HoldReason
from contracts.errors import StoreUnavailable
from dashboard import partner_actions
from dashboard.partner_actions import PartnerAction
from store.dead_letters.queue import DeadLetterFilter, list_dead_letters
from store.sms.suspensions import list_suspensions
from store.tables import AuditEntryRow, DeliveryRow, EndpointRow, PartnerRow
from tests.dashboard.routes.test_ops import add_dead_letter, add_held
from tests.support.shelf import NOW, Shelf, after
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor


@pytest.fixture
async def office(visitor: Visitor, stack: Stack) -> Visitor:
    """Somebody of operations, a minute after NOW; there are two partners, `shop` and `rival`."""
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, clock=lambda: after(60))
    await stack.add_partner("rival")
    await Shelf(stack.database).change(PartnerRow, "rival", name="Dosa Corner")
    return await visitor.sign_in_as(Role.OPS)


async def press(office: Visitor, action: str, *ids: str, **fields: str) -> Page:
    """Ask first, then do it as the page asks, at those that it names."""
    asked = await office.get(f"/ops/act?action={action}&" + "&".join(f"ids={one}" for one in ids))
    named = re.findall(r'name="ids" value="([^"]+)"', asked.html)
    return await office.post("/ops/act", {"action": action, "ids": named, **fields})


async def audited(stack: Stack, action: AuditAction) -> list[str]:
    """Whose entries there are of an action."""
    rows = await Shelf(stack.database).all_rows(AuditEntryRow)
    return sorted(str(one.partner_id) for one in rows if one.action == action)


class TestAskingFirst:
    async def test_it_says_at_how_many_it_would_do_what(
        self, office: Visitor, stack: Stack
    ) -> None:
        await add_dead_letter(stack, "shop")
        page = await office.get("/ops/act?action=retry&ids=shop&ids=rival")
        assert "Chai Point Retries one failed update." in page.text
        assert "Dosa Corner No failed updates." in page.text
        assert "Retry for one partner" in page.text
        assert re.findall(r'name="ids" value="(\w+)"', page.html) == ["shop"]

    async def test_an_action_that_there_is_not(self, office: Visitor) -> None:
        assert (await office.get("/ops/act?action=remove&ids=shop")).status == 404
        assert (await office.post("/ops/act", {"action": "remove", "ids": "shop"})).status == 404

    async def test_nothing_selected(self, office: Visitor) -> None:
        assert "No partner is selected." in (await office.get("/ops/act?action=pause")).text
        page = await office.get("/ops/act?action=resume&ids=shop")
        assert "There is nothing to do for the selected partners." in page.text


class TestPausing:
    async def test_several_are_paused_and_resumed(self, office: Visitor, stack: Stack) -> None:
        shelf = Shelf(stack.database)
        done = await press(office, "pause", "shop", "rival")
        assert "Results for 2 partners:" in done.text
        assert "Chai Point Done Paused. Dosa Corner Done Paused." in done.text
        assert (await shelf.one(PartnerRow, "rival")).paused_by_ops
        assert await audited(stack, AuditAction.PARTNER_CHANGED) == ["rival", "shop"]
        again = await office.get("/ops/act?action=pause&ids=shop")
        assert "Already paused." in again.text
        await press(office, "resume", "shop", "rival")
        assert (await shelf.one(PartnerRow, "shop")).paused_at is None

    async def test_what_the_database_says_is_for_the_log(
        self, office: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def away(*_: object) -> tuple[str, str]:
            raise StoreUnavailable("connection to 10.1.2.3 refused")

        monkeypatch.setattr(partner_actions, "_ACTS", {PartnerAction.PAUSE: away})
        done = await press(office, "pause", "shop")
        assert "Chai Point Failed the database does not answer" in done.text
        assert "10.1.2.3" not in done.html
        assert "answered 503: connection to 10.1.2.3 refused" in caplog.messages


class TestRetrying:
    async def test_what_cannot_be_done_at_one_partner_hinders_no_other(
        self, office: Visitor, stack: Stack
    ) -> None:
        for partner_id in ("shop", "rival"):
            await add_dead_letter(stack, partner_id)
        await Shelf(stack.database).change(PartnerRow, "rival", paused_at=NOW)
        done = await press(office, "retry", "shop", "rival")
        assert "Chai Point Done Retry queued for one update." in done.text
        assert "Dosa Corner Failed One could not be retried:" in done.text
        assert await audited(stack, AuditAction.DELIVERY_RETRY_REQUESTED) == ["shop"]


class TestRecovering:
    async def test_each_endpoint_is_recovered_by_itself(
        self, office: Visitor, stack: Stack
    ) -> None:
        for partner_id in ("shop", "rival"):
            await add_dead_letter(stack, partner_id)
        [failing] = [
            one
            for one in await Shelf(stack.database).all_rows(EndpointRow)
            if one.partner_id == "rival"
        ]
        await Shelf(stack.database).change(EndpointRow, failing.id, opened_at=NOW)
        done = await press(office, "recover", "shop", "rival")
        assert "Chai Point Done Resending one update." in done.text
        assert "Dosa Corner Failed Not resent:" in done.text
        assert await audited(stack, AuditAction.RECOVERY_STARTED) == ["shop"]


class TestSms:
    async def test_they_are_suspended_with_a_reason_and_resumed(
        self, office: Visitor, stack: Stack
    ) -> None:
        missing = await press(office, "suspend_sms", "shop", "rival", reason="")
        assert missing.status == 422
        assert "Enter a reason." in missing.text
        assert "Suspend SMS of 2 partners" in missing.text
        done = await press(office, "suspend_sms", "shop", "rival", reason="wrong words")
        assert "Chai Point Done SMS suspended. Dosa Corner Done SMS suspended." in done.text
        suspensions = await stack.database.read(list_suspensions)
        assert {row.partner_id for row, _ in suspensions} == {"shop", "rival"}
        assert {row.reason for row, _ in suspensions} == {"wrong words"}
        resumed = await press(office, "resume_sms", "shop")
        assert "Chai Point Done SMS resumed." in resumed.text
        assert await audited(stack, AuditAction.SMS_RESUMED) == ["shop"]


class TestFailedUpdates:
    async def test_none(self, office: Visitor) -> None:
        assert "No failed updates." in (await office.get("/ops/dead-letters")).text

    async def test_they_are_counted_by_reason_and_partner_the_oldest_first(
        self, office: Visitor, stack: Stack
    ) -> None:
        await add_dead_letter(stack, "shop", 30)
        await add_dead_letter(stack, "rival", 10)
        page = await office.get("/ops/dead-letters")
        assert "Failed 2 Oldest 50 s Partners affected 2" in page.text
        places = [
            page.html.index(f'href="/dashboard/p/{one}/dead-letters"') for one in ("rival", "shop")
        ]
        assert places == sorted(places)
        assert "13 d 23 h" in page.text
        assert 'href="/dashboard/ops/dead-letters?reason=exhausted"' in page.html
        narrowed = await office.get("/ops/dead-letters?partner_id=rival&reason=exhausted")
        assert len(re.findall(r'type="checkbox" name="ids"', narrowed.html)) == 1

    async def test_they_are_retried_from_the_list(self, office: Visitor, stack: Stack) -> None:
        for partner_id in ("shop", "rival"):
            await add_dead_letter(stack, partner_id)
        page = await office.get("/ops/dead-letters")
        [one, _] = re.findall(r'name="ids" value="(\w+)"', page.html)
        done = await office.post("/ops/dead-letters", {"retry": "selected", "ids": one})
        assert "Retry queued for one update." in done.text
        done = await office.post("/ops/dead-letters?partner_id=shop", {"all": "all"})
        assert "Retry queued for one update." in done.text
        assert (await office.post("/ops/dead-letters", {"retry": "selected"})).status == 422

    async def test_they_are_dismissed_with_a_reason(self, office: Visitor, stack: Stack) -> None:
        await add_dead_letter(stack, "shop")
        page = await office.get("/ops/dead-letters")
        ids = re.findall(r'name="ids" value="(\w+)"', page.html)
        asked = {"discard": "selected", "ids": ids}
        assert (await office.post("/ops/dead-letters", asked)).status == 422
        done = await office.post("/ops/dead-letters", {**asked, "reason": "too late"})
        assert "One update was dismissed." in done.text
        closed = DeadLetterFilter(open=False)
        [row] = await stack.database.read(list_dead_letters, closed, after=None, limit=2)
        assert row.note == "too late"


class TestOnHold:
    async def test_nothing(self, office: Visitor) -> None:
        assert "Nothing is on hold." in (await office.get("/ops/held")).text

    async def test_it_is_told_by_reason_and_partner_with_what_frees_it(
        self, office: Visitor, stack: Stack
    ) -> None:
        shelf = Shelf(stack.database)
        endpoint = await shelf.add_endpoint()
        await add_held(stack, "shop", 2)
        await shelf.add_endpoint("rival")
        await add_held(stack, "rival", 1)
        [row] = [one for one in await shelf.all_rows(DeliveryRow) if one.partner_id == "rival"]
        paused = {"hold_reason": HoldReason.PARTNER_PAUSED, "state": DeliveryState.HELD}
        await shelf.change(DeliveryRow, row.id, **paused)
        page = await office.get("/ops/held")
        assert "3 updates are on hold." in page.text
        assert "Chai Point Endpoint failing On hold 2 Oldest 1 min" in page.text
        assert f'href="/dashboard/p/shop/endpoints/{endpoint.id}"' in page.html
        assert 'href="/dashboard/ops/act?action=resume&amp;ids=rival"' in page.html
        narrowed = await office.get("/ops/held?reason=partner_paused")
        assert ("Dosa Corner" in narrowed.text, "Chai Point" in narrowed.text) == (True, False)
        _, line = (await office.get("/ops/held.csv?q=dosa")).html.splitlines()
        assert line.startswith("Partner paused,rival,Dosa Corner,")
