"""A lost password: asked for, mailed, chosen; and nobody learns who has an account."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from api.auth.sign_in import SignIn
from api.dependencies import Parts
from background.password_resets import PasswordResets
from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.notifications.kinds import NotificationKind
from store.access.password_resets import OF_CLIENT
from store.access.users import user_by_email
from store.tables import PasswordResetRequestRow, SessionRow
from tests.support.account_notices import notices, token_in
from tests.support.parts import CHEAP
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.visitor import PASSWORD, Page, Visitor

OWNER = "owner@shop.example"
NEW = "other quiet words today"
NAVIGATES = {"sec-fetch-mode": "navigate"}


@pytest.fixture
async def guest(owner: Visitor) -> AsyncIterator[Visitor]:
    """Somebody at the sign-in of a Doorstep that sends mail."""
    parts: Parts = owner.app.state.parts
    owner.app.state.parts = replace(parts, sends_mail=True)
    guest = Visitor(owner.app)
    yield guest
    await guest.http.aclose()


async def ask(guest: Visitor, email: str = OWNER) -> Page:
    return await guest.post("/forgotten", {"email": email}, csrf="")


async def link_of(stack: Stack) -> str:
    """The path of the link that was mailed last, below /dashboard."""
    await PasswordResets(stack.database, utc_now).look()
    mailed = await notices(stack.database, NotificationKind.PASSWORD_RESET)
    return f"/reset/{await token_in(stack.database, mailed[-1])}"


async def choose(guest: Visitor, link: str, password: str = NEW, again: str | None = None) -> Page:
    fields = {"password": password, "again": password if again is None else again}
    return await guest.post(link, fields, csrf="")


async def hash_of(stack: Stack, email: str) -> str | None:
    user = await stack.database.read(user_by_email, email)
    assert user is not None
    return user.password_hash


async def sign_in(guest: Visitor, password: str) -> Page:
    return await guest.post("/sign-in", {"email": OWNER, "password": password}, csrf="")


class TestAsking:
    async def test_the_sign_in_leads_there(self, guest: Visitor) -> None:
        assert "/dashboard/forgotten" in (await guest.get("/sign-in")).html
        assert "we mail you a link" in (await guest.get("/forgotten")).text

    @pytest.mark.parametrize("email", ["nobody@shop.example", "no address", "\x00", ""])
    async def test_everybody_is_answered_the_same(self, guest: Visitor, email: str) -> None:
        known, other = await ask(guest), await ask(guest, email)
        assert (known.status, known.url) == (other.status, other.url)
        assert known.html == other.html
        assert "a link is on its way" in known.text

    async def test_too_often_is_the_same_for_everybody(self, guest: Visitor) -> None:
        answers = {}
        for email in (OWNER, "nobody@shop.example"):
            for _ in range(4):
                answers[email] = await ask(guest, email)
        assert {answer.status for answer in answers.values()} == {429}
        assert len({answer.text for answer in answers.values()}) == 1

    async def test_a_client_asks_for_so_many_addresses(self, guest: Visitor) -> None:
        for number in range(OF_CLIENT.most):
            assert (await ask(guest, f"{number}@b.example")).status == 200
        assert (await ask(guest)).status == 429

    async def test_a_form_of_another_site_is_not_taken(self, guest: Visitor, stack: Stack) -> None:
        answer = await guest.http.post(
            "/dashboard/forgotten", data={"email": OWNER}, headers={"sec-fetch-site": "cross-site"}
        )
        assert answer.status_code == 403
        assert await Shelf(stack.database).count(PasswordResetRequestRow) == 0


class TestTheLink:
    async def test_it_leads_to_another_password_and_to_the_sign_in(
        self, guest: Visitor, owner: Visitor, stack: Stack
    ) -> None:
        await ask(guest)
        link = await link_of(stack)
        assert "Chai Point" in (await guest.get(link)).text
        changed = await choose(guest, link)
        assert changed.url.partition("?")[0].endswith("/sign-in")
        assert "Your password is changed" in changed.text
        assert (await owner.get("/account")).url.endswith("/sign-in")
        assert await Shelf(stack.database).count(SessionRow) == 0
        assert (await sign_in(guest, PASSWORD)).status == 401
        assert (await sign_in(guest, NEW)).url.endswith("/dashboard/p/shop")

    async def test_it_works_once(self, guest: Visitor, stack: Stack) -> None:
        await ask(guest)
        link = await link_of(stack)
        await choose(guest, link)
        used = await choose(guest, link, "yet other quiet words")
        assert (used.status, "already used" in used.text) == (404, True)
        assert "at the sign-in" in used.text

    @pytest.mark.parametrize(
        ("password", "again", "fault"),
        [
            ("short", None, "at least 12 characters"),
            ("password2026password", None, "Many people think of that one"),
            (NEW, "another", "not the same"),
        ],
    )
    async def test_a_password_that_cannot_be_taken_uses_nothing_up(
        self, guest: Visitor, stack: Stack, password: str, again: str | None, fault: str
    ) -> None:
        await ask(guest)
        link = await link_of(stack)
        refused = await choose(guest, link, password, again)
        assert (refused.status, fault in refused.text) == (422, True)
        assert (await choose(guest, link)).status == 200

    async def test_nobody_chooses_one_who_signs_in_without(
        self, guest: Visitor, stack: Stack
    ) -> None:
        email = "ops@doorstep.example"
        await Visitor(guest.app).sign_in_as(Role.OPS)
        await ask(guest, email)
        link = await link_of(stack)
        parts: Parts = guest.app.state.parts
        only = SignIn(stack.database, CHEAP, ops_by_password=False)
        guest.app.state.parts = replace(parts, sign_in=only)
        before = await hash_of(stack, email)
        for page in (await guest.get(link, **NAVIGATES), await choose(guest, link)):
            assert page.url.endswith("/dashboard/sign-in")
        assert await hash_of(stack, email) == before
        assert "doorstep_destination" not in guest.http.cookies
        await ask(guest, email)
        await PasswordResets(stack.database, utc_now).look()
        assert len(await notices(stack.database, NotificationKind.PASSWORD_RESET)) == 1

    @pytest.mark.parametrize("token", ["nothing", "lnk_1.forged"])
    async def test_one_that_is_not_whole_does_nothing(self, guest: Visitor, token: str) -> None:
        assert (await guest.get(f"/reset/{token}")).status == 404
        assert (await choose(guest, f"/reset/{token}")).status == 404


async def test_without_mail_there_is_no_such_page(owner: Visitor) -> None:
    guest = Visitor(owner.app)
    assert (await guest.get("/forgotten")).status == 404
    assert (await ask(guest)).status == 404
    page = await guest.get("/sign-in")
    assert ("Whoever invited you" in page.text, "/forgotten" in page.html) == (True, False)
