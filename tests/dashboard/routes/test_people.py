"""Invitations, passwords, and who may do what with people."""

import re
from dataclasses import replace

from api.dependencies import Parts
from contracts.access.users import Role
from contracts.notifications.kinds import NotificationKind
from store.tables import UserRow
from tests.support.account_notices import notices, token_in
from tests.support.messages import add_owner
from tests.support.shelf import NOW, Shelf
from tests.support.stack import Stack
from tests.support.visitor import PASSWORD, Visitor


class TestAnInvitation:
    async def test_it_leads_to_a_password_and_into_the_dashboard(
        self, owner: Visitor, stack: Stack
    ) -> None:
        link = await invited(owner, "priya@chaipoint.example")
        guest = Visitor(owner.app)
        asked = await guest.get(link)
        assert "Priya" in asked.text
        assert "Chai Point" in asked.text
        entered = await guest.post(link, {"password": PASSWORD, "again": PASSWORD}, csrf="")
        assert entered.url.endswith("/dashboard/p/shop")
        people = await owner.get("/p/shop/people")
        assert "priya@chaipoint.example" in people.text

    async def test_it_works_once(self, owner: Visitor) -> None:
        link = await invited(owner, "priya@chaipoint.example")
        for status in (200, 404):
            guest = Visitor(owner.app)
            answer = await guest.http.post(
                f"/dashboard{link}", data={"password": PASSWORD, "again": PASSWORD}
            )
            assert answer.status_code in (303, status)
        assert (await Visitor(owner.app).get(link)).status == 404

    async def test_a_new_one_ends_the_one_before(self, owner: Visitor) -> None:
        first = await invited(owner, "priya@chaipoint.example")
        second = await invited(owner, "Priya@ChaiPoint.example ")
        assert (await Visitor(owner.app).get(first)).status == 404
        assert (await Visitor(owner.app).get(second)).status == 200

    async def test_a_short_password_is_not_taken(self, owner: Visitor) -> None:
        link = await invited(owner, "priya@chaipoint.example")
        guest = Visitor(owner.app)
        short = await guest.post(link, {"password": "short", "again": "short"}, csrf="")
        assert (short.status, "at least 12 characters" in short.text) == (422, True)
        other = await guest.post(link, {"password": PASSWORD, "again": "another"}, csrf="")
        assert (other.status, "not the same" in other.text) == (422, True)

    async def test_an_address_of_another_partner_is_refused(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await stack.add_partner("other")
        await Visitor(owner.app).sign_in_as(Role.OWNER, "other")
        asked = {"email": "owner@other.example", "name": "Priya", "role": "member"}
        assert (await owner.post("/p/shop/people", asked)).status == 409


class TestByMail:
    async def test_the_link_goes_to_them_and_is_shown_to_nobody(
        self, owner: Visitor, stack: Stack
    ) -> None:
        parts: Parts = owner.app.state.parts
        owner.app.state.parts = replace(parts, sends_mail=True)
        asked = {"email": "Priya@chaipoint.example", "name": "Priya", "role": "member"}
        page = await owner.post("/p/shop/people", asked)
        assert "on its way to priya@chaipoint.example" in page.text
        assert "/invitations/" not in page.html
        [notice] = await notices(stack.database, NotificationKind.INVITATION)
        link = f"/invitations/{await token_in(stack.database, notice)}"
        assert "Priya" in (await Visitor(owner.app).get(link)).text

    async def test_an_owner_neither_takes_over_nor_changes_another(
        self, owner: Visitor, stack: Stack
    ) -> None:
        other = Visitor(owner.app)
        link = await invited(owner, "second@shop.example", "owner")
        await other.post(link, {"password": PASSWORD, "again": PASSWORD}, csrf="")
        owner.app.state.parts = replace(owner.app.state.parts, sends_mail=True)
        asked = {"email": "second@shop.example", "name": "Mallory", "role": "member"}
        assert (await owner.post("/p/shop/people", asked)).status == 409
        assert await notices(stack.database) == []
        assert (await other.get("/p/shop/people")).status == 200


class TestRemoving:
    async def test_it_ends_their_session_at_once(self, owner: Visitor) -> None:
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        people = await owner.get("/p/shop/people")
        [user_id] = re.findall(r"/people/(usr_\w+)/remove", people.html)
        removed = await owner.post(f"/p/shop/people/{user_id}/remove")
        assert "Removed." in removed.text
        assert (await member.get("/account")).url.endswith("/sign-in")

    async def test_the_last_owner_stays(self, owner: Visitor, ops: Visitor) -> None:
        people = await ops.get("/p/shop/people")
        [user_id] = re.findall(r"/people/(usr_\w+)/remove", people.html)
        kept = await ops.post(f"/p/shop/people/{user_id}/remove")
        assert (kept.status, "last one with this role" in kept.text) == (409, True)


class TestMembers:
    async def test_they_neither_see_nor_change_people(self, visitor: Visitor) -> None:
        member = await visitor.sign_in_as(Role.MEMBER, "shop")
        assert (await member.get("/p/shop/people")).status == 403
        asked = {"email": "a@b.example", "name": "A", "role": "owner"}
        assert (await member.post("/p/shop/people", asked)).status == 403


async def invited(visitor: Visitor, email: str, role: str = "member") -> str:
    """Invite somebody; gives the path of the link below /dashboard."""
    asked = {"email": email, "name": "Priya", "role": role}
    page = await visitor.post("/p/shop/people", asked)
    [link] = re.findall(r"http://doorstep\.test/dashboard(/invitations/[\w.-]+)", page.html)
    return str(link)


class TestVisitsFromThePortal:
    async def test_an_owner_sees_them_and_ends_them(self, owner: Visitor, stack: Stack) -> None:
        visitor = await from_portal(owner, stack, "member")
        page = await owner.get("/p/shop/people")
        assert "portal user 4711" in page.text
        [place] = re.findall(r"/dashboard(/p/shop/people/sessions/\w+/end)", page.html)
        assert (await visitor.get("/p/shop")).url.endswith("/p/shop")
        assert "signed out" in (await owner.post(place)).text
        assert (await visitor.get("/p/shop")).url.endswith("/sign-in")

    async def test_they_invite_nobody_and_make_no_keys(self, owner: Visitor, stack: Stack) -> None:
        visitor = await from_portal(owner, stack, "owner")
        asked = {"email": "new@shop.example", "name": "New", "role": "owner"}
        csrf = (await visitor.get("/p/shop")).csrf
        assert (await visitor.post("/p/shop/people", asked, csrf=csrf)).status == 409
        made = await visitor.post("/p/shop/keys", {"label": "lasting"}, csrf=csrf)
        assert made.status == 409
        assert (await stack.api.get("/v1/keys")).json()["items"] == []


async def from_portal(owner: Visitor, stack: Stack, role: str) -> Visitor:
    """Somebody who came from the merchant portal."""
    asked = {"name": "portal user 4711", "role": role}
    link = (await stack.api.post("/v1/partners/shop/portal-links", json=asked)).json()["url"]
    visitor = Visitor(owner.app)
    place = link.partition("/dashboard")[2]
    await visitor.post(place, csrf="none")
    return visitor


class TestARefusedAddress:
    async def test_it_is_shown_and_tried_again(self, owner: Visitor, stack: Stack) -> None:
        priya = await add_owner(stack.database)
        await _refuse(stack, priya.id, joined=True)
        page = await owner.get("/p/shop/people")
        assert "E-mail refused" in page.text
        assert "smtp_550" in page.text
        page = await owner.post(f"/p/shop/people/{priya.id}/mail-again")
        assert "Mails go to this address again." in page.text
        assert "E-mail refused" not in page.text
        audit = (await owner.get("/p/shop/audit")).text
        assert "let Priya Nair have e-mails again" in audit

    async def test_whoever_has_never_signed_in_is_invited_again(
        self, owner: Visitor, stack: Stack
    ) -> None:
        priya = await add_owner(stack.database)
        await _refuse(stack, priya.id, joined=False)
        page = await owner.post(f"/p/shop/people/{priya.id}/mail-again")
        assert "E-mail refused" not in page.text
        assert "/invitations/" in page.html

    async def test_it_is_nobody_else_s(self, visitor: Visitor, stack: Stack) -> None:
        await stack.add_partner("rival")
        priya = await add_owner(stack.database)
        await _refuse(stack, priya.id, joined=True)
        rival = await visitor.sign_in_as(Role.OWNER, "rival")
        assert (await rival.post(f"/p/rival/people/{priya.id}/mail-again")).status == 404
        assert (await rival.post(f"/ops/people/{priya.id}/mail-again")).status == 404


async def _refuse(stack: Stack, user_id: str, *, joined: bool) -> None:
    """As the worker does, once a mail server has refused the address."""
    fields = {
        "email_refused_at": NOW,
        "email_refused_code": "smtp_550",
        "joined_at": NOW if joined else None,
    }
    await Shelf(stack.database).change(UserRow, user_id, **fields)
