"""A partner's settings: what an owner changes, what only ops do, and what a pause says."""

import pytest

from contracts.access.users import Role
from contracts.time_zones import known_time_zone
from dashboard.routes.settings import COMMON_ZONES
from tests.support.stack import Stack
from tests.support.visitor import Visitor

NAMED = {"name": "Chai Point Pune", "time_zone": "Europe/London"}


@pytest.mark.parametrize("zone", COMMON_ZONES)
def test_the_common_zones_are_known(zone: str) -> None:
    assert known_time_zone(zone) == zone


class TestTheShop:
    async def test_an_owner_changes_its_name_and_time_zone(
        self, owner: Visitor, stack: Stack
    ) -> None:
        page = await owner.post("/p/shop/settings", NAMED)
        assert "Saved." in page.text
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert (partner["name"], partner["time_zone"]) == ("Chai Point Pune", "Europe/London")

    async def test_a_zone_that_is_written_wins(self, owner: Visitor, stack: Stack) -> None:
        await owner.post("/p/shop/settings", {**NAMED, "other_zone": "Asia/Tashkent"})
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert partner["time_zone"] == "Asia/Tashkent"
        assert "Asia/Tashkent (GMT+05:00)" in (await owner.get("/p/shop/settings")).text

    async def test_what_is_wrong_is_told_and_kept_in_the_form(self, owner: Visitor) -> None:
        page = await owner.post("/p/shop/settings", {**NAMED, "other_zone": "Asia/Nowhere"})
        assert (page.status, "There is no such time zone." in page.text) == (422, True)
        assert 'value="Asia/Nowhere"' in page.html
        unnamed = await owner.post("/p/shop/settings", {"name": " ", "time_zone": "UTC"})
        assert (unnamed.status, "Give the shop a name" in unnamed.text) == (422, True)


class TestChannels:
    async def test_a_pause_holds_and_a_resumption_ends_it(
        self, owner: Visitor, stack: Stack
    ) -> None:
        paused = await owner.post("/p/shop/settings/pause")
        assert "Paused. New updates are put on hold; none is lost." in paused.text
        assert (await stack.api.get("/v1/partners/shop")).json()["paused_at"] is not None
        resumed = await owner.post("/p/shop/settings/resume")
        assert "Resumed: new updates go out at once." in resumed.text
        assert (await stack.api.get("/v1/partners/shop")).json()["paused_at"] is None

    async def test_webhooks_are_switched_off_and_on(self, owner: Visitor, stack: Stack) -> None:
        for word, on in (("off", False), ("on", True)):
            await owner.post("/p/shop/settings/webhooks", {"on": word})
            partner = (await stack.api.get("/v1/partners/shop")).json()
            assert partner["webhook_enabled"] is on


class TestWhatIsOfOps:
    async def test_an_owner_reads_it_and_cannot_change_it(self, owner: Visitor) -> None:
        page = await owner.get("/p/shop/settings")
        assert "20,000 SMS per day" in page.text
        assert 'name="tier"' not in page.html
        changed = await owner.post("/p/shop/settings/operations", {"tier": "enterprise"})
        assert changed.status == 403

    async def test_an_owner_cannot_slip_it_into_another_form(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await owner.post("/p/shop/settings", {**NAMED, "tier": "enterprise", "sms_daily_cap": "1"})
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert (partner["tier"], partner["sms_daily_cap"]) == ("growth", None)

    async def test_ops_change_it(self, ops: Visitor, stack: Stack) -> None:
        asked = {
            "tier": "enterprise",
            "retention_days": "30",
            "sms_daily_cap": "",
            "sms_sender": "",
        }
        assert "Saved." in (await ops.post("/p/shop/settings/operations", asked)).text
        partner = (await stack.api.get("/v1/partners/shop")).json()
        assert (partner["tier"], partner["retention_days"]) == ("enterprise", 30)

    async def test_ops_are_told_which_field_is_wrong(self, ops: Visitor) -> None:
        for name, wrong, said in (
            ("retention_days", "0", "Keep data for 1 to 3650 days"),
            ("sms_daily_cap", "many", "Allow 1 to 1000000 SMS per day"),
            ("sms_sender", "!", "The sender is a number"),
            ("tier", "gold", "Choose one of the plans"),
        ):
            asked = {"tier": "growth", name: wrong}
            page = await ops.post("/p/shop/settings/operations", asked)
            assert (page.status, said in page.text) == (422, True), name


async def test_members_neither_see_nor_change_settings(visitor: Visitor) -> None:
    member = await visitor.sign_in_as(Role.MEMBER, "shop")
    assert (await member.get("/p/shop/settings")).status == 403
    for place in ("", "/pause", "/resume", "/webhooks", "/operations"):
        assert (await member.post(f"/p/shop/settings{place}", NAMED)).status == 403


async def test_another_partners_settings_are_not_found(owner: Visitor, stack: Stack) -> None:
    await stack.add_partner("other")
    assert (await owner.get("/p/other/settings")).status == 404
    assert (await owner.post("/p/other/settings/pause")).status == 404
