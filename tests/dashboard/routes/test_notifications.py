"""What people were told and want to be told, and where their programs are: for whom each page is,
and what it says."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from contracts.access.users import Role
from contracts.notifications.kinds import OPTIONAL_KINDS, NotificationKind
from contracts.notifications.messages import MessageChannel, MessageState
from dashboard.translations import languages, words_in
from store.notifications.choices import switched_off
from store.tables import UserRow
from tests.support.messages import HOST, MessageDraft, add_message, add_owner
from tests.support.shelf import Shelf, after
from tests.support.stack import Stack
from tests.support.visitor import Visitor

LIST, HOOK, CHOICES = (
    "/p/shop/notifications",
    "/p/shop/notification-webhook",
    "/account/notifications",
)
URL = "https://93.184.215.14/told"


@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("language", languages())
def test_every_kind_has_its_words(kind: NotificationKind, language: str) -> None:
    assert words_in(language)(f"notification-{kind}")
    if kind in OPTIONAL_KINDS:
        assert words_in(language)(f"notification-means-{kind}")


class TestTheList:
    async def test_a_line_says_what_to_whom_and_what_became_of_it(
        self, owner: Visitor, shelf: Shelf
    ) -> None:
        priya = await add_owner(shelf.database)
        refused = MessageDraft(user_id=priya.id, state=MessageState.REFUSED, code="smtp_550")
        await add_message(shelf.database, refused)
        page = await owner.get(LIST)
        assert f"An endpoint fails {HOST}" in page.text
        assert "E-mail: Priya Nair p…@chaipoint.example" in page.text
        assert "Refused" in page.text
        assert "smtp_550" in page.text
        assert "priya@" not in page.html

    async def test_each_channel_and_state_has_its_words(self, ops: Visitor, shelf: Shelf) -> None:
        for channel in MessageChannel:
            for state in MessageState:
                why = "the mail server refuses the address"
                told = MessageDraft(channel=channel, state=state, why=why, code="http_503")
                await add_message(shelf.database, told)
        page = await ops.get("/ops/notifications")
        assert page.text.count("Chai Point") == len(MessageChannel) * len(MessageState)
        assert "the mail server refuses the address" in page.text
        assert "503" in page.text

    async def test_what_waits_says_until_when(self, owner: Visitor, shelf: Shelf) -> None:
        assert owner.app is not None
        later = owner.app.state.parts.clock() + timedelta(hours=3)
        told = MessageDraft(state=MessageState.WAITING, code=None, send_after=later)
        await add_message(shelf.database, told)
        assert "Waiting Goes out" in (await owner.get(LIST)).text

    async def test_many_are_named_in_part(self, owner: Visitor, shelf: Shelf) -> None:
        await add_message(shelf.database, MessageDraft(count=100))
        page = await owner.get(LIST)
        assert page.text.count(HOST) == 3
        assert "and 97 more" in page.text

    async def test_it_is_narrowed_to_what_nobody_received(self, ops: Visitor, shelf: Shelf) -> None:
        await shelf.add_partner("rival", name="Rival")
        await add_message(shelf.database, MessageDraft(state=MessageState.FAILED))
        await add_message(shelf.database, MessageDraft(state=MessageState.SENT, partner_id="rival"))
        page = await ops.get("/ops/notifications?state=not_told")
        assert "Chai Point" in page.text
        assert "Rival" not in page.text
        only = await ops.get("/ops/notifications?state=&partner_id=rival&channel=email")
        assert "Rival" in only.text
        assert "Chai Point" not in only.text
        assert 'href="/dashboard/ops/notifications?partner_id=rival&amp;channel=email' in only.html

    async def test_its_pages_follow_each_other(self, owner: Visitor, shelf: Shelf) -> None:
        for second in range(51):
            await add_message(shelf.database, MessageDraft(at=after(second)))
        first = await owner.get(LIST)
        [older] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
        assert (await owner.get(older.replace("&amp;", "&"))).text.count(HOST) == 1

    async def test_it_is_for_owners_and_ops_and_shows_one_s_own(
        self, visitor: Visitor, member: Visitor, shelf: Shelf
    ) -> None:
        assert (await member.get(LIST)).status == 403
        await shelf.add_partner("rival")
        await add_message(shelf.database, MessageDraft(partner_id="rival"))
        await add_message(shelf.database, MessageDraft(partner_id=None))
        owner = await Visitor(visitor.app).sign_in_as(Role.OWNER, "shop")
        assert "Nobody was told of anything" in (await owner.get(LIST)).text
        assert (await owner.get("/ops/notifications")).status == 404


class TestTheChoices:
    async def test_a_switch_saves_at_once(self, owner: Visitor, stack: Stack) -> None:
        page = await owner.get(CHOICES)
        assert page.html.count('aria-checked="true"') == len(OPTIONAL_KINDS)
        page = await owner.post(f"{CHOICES}/weekly_outcomes", {"wanted": "off"})
        assert "We do not tell you of that any more." in page.text
        assert page.html.count('aria-checked="true"') == len(OPTIONAL_KINDS) - 1
        assert await _off(stack) == {NotificationKind.WEEKLY_OUTCOMES}
        page = await owner.post(f"{CHOICES}/weekly_outcomes", {"wanted": "on"})
        assert "We tell you of that from now on." in page.text
        assert await _off(stack) == set()

    async def test_what_concerns_the_account_has_no_switch(
        self, owner: Visitor, stack: Stack
    ) -> None:
        assert "Password changed" not in (await owner.get(CHOICES)).text
        refused = await owner.post(f"{CHOICES}/password_changed", {"wanted": "off"})
        assert refused.status == 404
        assert await _off(stack) == set()

    async def test_ops_have_what_ops_are_told(self, ops: Visitor) -> None:
        page = await ops.get(CHOICES)
        assert "SMS are suspended" in page.text
        assert "The week in figures" not in page.text
        assert (await ops.post(f"{CHOICES}/weekly_outcomes", {"wanted": "off"})).status == 404

    async def test_members_and_visitors_from_the_portal_have_none(
        self, member: Visitor, stack: Stack
    ) -> None:
        assert "its owners do" in (await member.get(CHOICES)).text
        assert (await member.post(f"{CHOICES}/sms_suspended", {"wanted": "off"})).status == 404
        made = await stack.api.post("/v1/partners/shop/portal-links", json={"name": "user 1"})
        portal = made.json()["url"].partition("/dashboard")[2]
        guest = Visitor(member.app)
        await guest.post(portal, csrf="")
        assert "no address of yours" in (await guest.get(CHOICES)).text

    async def test_the_account_leads_there(self, owner: Visitor) -> None:
        assert f'href="/dashboard{CHOICES}"' in (await owner.get("/account")).html


class TestTheWebhook:
    async def test_its_secret_is_shown_once(self, owner: Visitor) -> None:
        page = await owner.post(HOOK, {"url": URL})
        [secret] = re.findall(r"whsec_[\w+/=]+", page.text)
        again = await owner.get(HOOK)
        assert f'value="{URL}"' in again.html
        assert secret not in again.html
        assert "set where notifications are posted" in (await owner.get("/p/shop/audit")).text

    async def test_it_is_removed(self, owner: Visitor) -> None:
        await owner.post(HOOK, {"url": URL})
        page = await owner.post(f"{HOOK}/remove")
        assert "Nothing is posted there any more." in page.text
        assert URL not in page.html

    @pytest.mark.parametrize("url", ["", "ftp://x", "https://10.0.0.1/x"])
    async def test_what_is_wrong_with_a_url_is_said(self, owner: Visitor, url: str) -> None:
        page = await owner.post(HOOK, {"url": url})
        assert page.status == 422
        assert 'role="alert"' in page.html

    async def test_members_may_not(self, member: Visitor) -> None:
        assert (await member.get(HOOK)).status == 403
        assert (await member.post(HOOK, {"url": URL})).status == 403


async def _off(stack: Stack) -> set[NotificationKind]:
    """What the only owner has switched off."""
    query = select(UserRow.id).where(UserRow.role == Role.OWNER)
    user_id = await stack.database.read(lambda session: session.exec(query).one())
    return await stack.database.read(switched_off, user_id)
