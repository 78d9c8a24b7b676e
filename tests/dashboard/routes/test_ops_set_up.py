"""What ops set up: partners with their first owner, sender IDs and content templates (DLT)."""

from dataclasses import replace

import pytest

from contracts.access.users import Role
from contracts.notifications.kinds import NotificationKind
from store.sms.senders import list_dlt_templates, list_senders
from store.tables import PartnerRow, UserRow
from tests.support.account_notices import notices
from tests.support.parts import RULES
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.visitor import Visitor

SENDER = "DRSTEP"
ENTITY = "1101234567890123456"
CONTENT = "1107160000000000123"
REGISTERED = {"sender": SENDER, "entity_id": ENTITY, "header": SENDER}
TEMPLATE = {
    "content_template_id": CONTENT,
    "event_type": "delivered",
    "language": "en",
    "category": "service_implicit",
    "text": "{#alphanumeric#}: your order {#alphanumeric#} was delivered. Thank you.",
}


@pytest.fixture
async def office(visitor: Visitor, stack: Stack) -> Visitor:
    """Somebody of operations; SMS leave as SENDER."""
    assert stack.app is not None
    rules = replace(RULES, default_sender=SENDER)
    stack.app.state.parts = replace(stack.app.state.parts, text_rules=rules)
    return await visitor.sign_in_as(Role.OPS)


class TestAPartner:
    async def test_it_is_created_with_its_first_owner(self, office: Visitor, stack: Stack) -> None:
        asked = {
            "name": "Dosa Corner",
            "id": "dosa-corner",
            "tier": "smb",
            "sms_sender": "DOSACO",
            "owner_name": "Asha",
            "owner_email": "asha@dosa.example",
        }
        page = await office.post("/ops/partners/new", asked)
        assert "http://doorstep.test/dashboard/invitations/" in page.text
        assert 'href="/dashboard/p/dosa-corner/settings"' in page.html
        partner = await Shelf(stack.database).one(PartnerRow, "dosa-corner")
        assert (partner.tier, partner.sms_sender) == ("smb", "DOSACO")
        [owner] = [one for one in await Shelf(stack.database).all_rows(UserRow) if one.partner_id]
        assert (owner.partner_id, owner.role) == ("dosa-corner", Role.OWNER)

    async def test_its_first_owner_is_mailed_the_link(self, office: Visitor, stack: Stack) -> None:
        office.app.state.parts = replace(office.app.state.parts, sends_mail=True)
        owner = {"owner_name": "Asha", "owner_email": "asha@dosa.example"}
        page = await office.post(
            "/ops/partners/new", {"name": "Dosa Corner", "id": "dosa", "tier": "smb", **owner}
        )
        assert "on its way to asha@dosa.example" in page.text
        assert "/invitations/" not in page.html
        [notice] = await notices(stack.database, NotificationKind.INVITATION)
        assert notice.partner_id == "dosa"

    @pytest.mark.parametrize(
        ("asked", "fault"),
        [
            ({"name": ""}, "Name:"),
            ({"name": "Dosa", "id": "shop"}, "partner shop exists already"),
            ({"name": "Dosa", "owner_name": "Asha", "owner_email": "nobody"}, "Owner's e-mail:"),
            ({"name": "Dosa", "sms_sender": "a b"}, "Sender ID:"),
        ],
    )
    async def test_what_is_wrong_is_told_and_nothing_is_created(
        self, office: Visitor, stack: Stack, asked: dict[str, str], fault: str
    ) -> None:
        page = await office.post("/ops/partners/new", {"tier": "growth", **asked})
        assert page.status in (409, 422)
        assert fault in page.text
        assert f'value="{asked["name"]}"' in page.html
        assert await Shelf(stack.database).count(PartnerRow) == 1

    async def test_a_portal_link_is_made(self, office: Visitor) -> None:
        page = await office.post("/ops/partners/shop/portal-link")
        assert "http://doorstep.test/dashboard/portal/" in page.text
        assert "within 2 minutes" in page.text


class TestSenders:
    async def test_one_is_registered_with_a_template_and_changed(
        self, office: Visitor, stack: Stack
    ) -> None:
        assert "No sender ID is registered" in (await office.get("/ops/senders")).text
        page = await office.post("/ops/senders", {**REGISTERED, "link_prefixes": ""})
        assert page.url.endswith(f"/senders/{SENDER}?done=sender-saved")
        page = await office.post(f"/ops/senders/{SENDER}/templates", TEMPLATE)
        assert TEMPLATE["text"] in page.text
        await office.post("/ops/senders", {**REGISTERED, "link_prefixes": "https://t.example/"})
        [row] = await stack.database.read(list_senders, limit=2)
        assert row.link_prefixes == ["https://t.example/"]
        removed = await office.post(f"/ops/senders/{SENDER}/templates/{CONTENT}/remove")
        assert "No template is registered" in removed.text
        assert await stack.database.read(list_dlt_templates, SENDER, limit=2) == []

    async def test_whose_words_would_be_blocked_is_told(
        self, office: Visitor, stack: Stack
    ) -> None:
        await Shelf(stack.database).change(PartnerRow, "shop", sms_enabled=True)
        page = await office.post("/ops/senders", REGISTERED)
        assert "5 SMS texts will be blocked in India" in page.text
        assert 'href="/dashboard/p/shop/texts/delivered/en"' in page.html
        assert "Chai Point" in page.text

    @pytest.mark.parametrize(
        ("path", "asked", "fault"),
        [
            ("", {**REGISTERED, "sender": "a b"}, "Sender ID: enter a header"),
            ("", {**REGISTERED, "entity_id": "12"}, "Entity ID:"),
            (f"/{SENDER}/templates", {**TEMPLATE, "content_template_id": "1"}, "Template ID:"),
            (f"/{SENDER}/templates", {**TEMPLATE, "text": ""}, "Registered text:"),
            (f"/{SENDER}/templates", {**TEMPLATE, "text": "{#alphanumeric"}, "not closed"),
        ],
    )
    async def test_what_is_wrong_is_told(
        self, office: Visitor, path: str, asked: dict[str, str], fault: str
    ) -> None:
        await office.post("/ops/senders", REGISTERED)
        page = await office.post(f"/ops/senders{path}", asked)
        assert page.status == 422
        assert fault in page.text
