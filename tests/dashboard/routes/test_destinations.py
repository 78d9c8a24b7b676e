"""Whoever has to sign in first gets to where they were going: once, and only where they may."""

import pytest

from contracts.access.users import Invite, Role
from store.access.invitations import invite
from store.access.sessions import accept_invitation
from tests.support.authenticator import enrolled, stop_the_clock
from tests.support.shelf import NOW
from tests.support.stack import Stack
from tests.support.visitor import PASSWORD, PASSWORD_HASH, Page, Visitor

NAVIGATES = {"sec-fetch-mode": "navigate"}


async def add_user(stack: Stack, role: Role = Role.OWNER, partner_id: str | None = "shop") -> str:
    """Somebody with a password; gives their address."""
    email = f"{role}@chaipoint.example"
    asked = Invite(email=email, name="Priya", role=role, partner_id=partner_id)
    _, token = await stack.database.write(invite, asked, NOW, actor="test")
    await stack.database.write(accept_invitation, token, PASSWORD_HASH, NOW)
    return email


async def sign_in(visitor: Visitor, email: str) -> Page:
    return await visitor.post("/sign-in", {"email": email, "password": PASSWORD}, csrf="")


@pytest.mark.parametrize("place", ["/p/shop/audit?about=key", "/p/shop", "/account/notifications"])
async def test_a_link_leads_there_after_the_sign_in_and_only_once(
    visitor: Visitor, stack: Stack, place: str
) -> None:
    email = await add_user(stack)
    asked = await visitor.get(place, **NAVIGATES)
    assert asked.url.endswith("/dashboard/sign-in")
    assert (await sign_in(visitor, email)).url.endswith(f"/dashboard{place}")
    assert (await visitor.get("/")).url.endswith("/dashboard/p/shop")


async def test_a_wrong_password_in_between_changes_nothing(visitor: Visitor, stack: Stack) -> None:
    email = await add_user(stack)
    await visitor.get("/p/shop/audit", **NAVIGATES)
    wrong = {"email": email, "password": "another one that is long"}
    assert (await visitor.post("/sign-in", wrong, csrf="")).status == 401
    assert (await sign_in(visitor, email)).url.endswith("/dashboard/p/shop/audit")


async def test_a_second_factor_in_between_changes_nothing(owner: Visitor) -> None:
    phone, _ = await enrolled(owner, stop_the_clock(owner.app))
    browser = Visitor(owner.app)
    await browser.get("/p/shop/audit", **NAVIGATES)
    asked = await sign_in(browser, "owner@shop.example")
    assert asked.url.endswith("/dashboard/sign-in/code")
    entered = await browser.post("/sign-in/code", {"code": phone.next_code()}, csrf="")
    assert entered.url.endswith("/dashboard/p/shop/audit")


async def test_what_somebody_else_was_going_to_is_not_followed(
    visitor: Visitor, stack: Stack
) -> None:
    email = await add_user(stack)
    for place in ("/p/shopping", "/p/rival/audit", "/ops/platform"):
        await visitor.get(place, **NAVIGATES)
        assert (await sign_in(visitor, email)).url.endswith("/dashboard/p/shop")
        visitor.http.cookies.clear()


async def test_ops_get_to_any_page(visitor: Visitor, stack: Stack) -> None:
    email = await add_user(stack, Role.OPS, None)
    await visitor.get("/p/shop/audit", **NAVIGATES)
    assert (await sign_in(visitor, email)).url.endswith("/dashboard/p/shop/audit")


async def test_what_a_script_asks_for_is_no_page(visitor: Visitor, stack: Stack) -> None:
    email = await add_user(stack)
    await visitor.get("/p/shop/audit", **{"sec-fetch-mode": "cors"})
    assert (await sign_in(visitor, email)).url.endswith("/dashboard/p/shop")


@pytest.mark.parametrize(
    "forged",
    [
        "https://evil.example/",
        "//evil.example/",
        "/dashboard\\@evil.example",
        "/docs",
        "/dashboard/portal/lnk_1.token",
    ],
)
async def test_a_cookie_that_is_none_of_ours_leads_nowhere_else(
    visitor: Visitor, stack: Stack, forged: str
) -> None:
    email = await add_user(stack, Role.OPS, None)
    visitor.http.cookies.set("doorstep_destination", forged, domain="doorstep.test")
    assert (await sign_in(visitor, email)).url == "http://doorstep.test/dashboard/ops"
