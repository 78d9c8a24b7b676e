"""Where people are signed in: what is listed of it, and who ends which session."""

import re

from contracts.access.users import Role
from tests.support.authenticator import signed_in
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor

CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36"


def places(page: Page) -> list[str]:
    """Where the forms of a page send that end a session."""
    return re.findall(r'action="/dashboard([\w/]*/sessions/\w+/end)"', page.html)


async def elsewhere(owner: Visitor, user_agent: str = CHROME) -> Visitor:
    """The owner, in another browser."""
    browser = Visitor(owner.app)
    browser.http.headers["user-agent"] = user_agent
    await signed_in(browser)
    return browser


async def is_signed_in(browser: Visitor) -> bool:
    """Whether this browser has a session."""
    return not (await browser.get("/account")).url.endswith("/sign-in")


class TestYourAccount:
    async def test_each_session_is_listed_with_its_browser_and_network(
        self, owner: Visitor
    ) -> None:
        await elsewhere(owner)
        listed = await owner.get("/account")
        assert "You are signed in at 2 places" in listed.text
        assert "Chrome · Android" in listed.text
        assert "127.0.0.…" in listed.text
        assert "127.0.0.1" not in listed.text
        assert listed.text.count("This browser") == 1

    async def test_one_is_ended_and_the_others_stay(self, owner: Visitor) -> None:
        first = await elsewhere(owner)
        [place] = places(await owner.get("/account"))
        second = await elsewhere(owner)
        assert "That browser is signed out" in (await owner.post(place)).text
        assert [await is_signed_in(one) for one in (first, second, owner)] == [False, True, True]

    async def test_or_all_others_at_once(self, owner: Visitor) -> None:
        others = [await elsewhere(owner) for _ in range(2)]
        assert "signed out everywhere else" in (await owner.post("/sign-out-elsewhere")).text
        assert [await is_signed_in(one) for one in (*others, owner)] == [False, False, True]

    async def test_nobody_ends_another_s(self, owner: Visitor) -> None:
        await elsewhere(owner)
        [place] = places(await owner.get("/account"))
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        assert (await member.post(place)).status == 404
        assert (await owner.post(place, csrf="forged")).status == 403


class TestTheTeam:
    async def test_an_owner_signs_somebody_out_and_the_log_says_so(self, owner: Visitor) -> None:
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        team = await owner.get("/p/shop/people")
        [place] = places(team)
        assert "Signed in now" in team.text
        assert "They are signed out" in (await owner.post(place)).text
        assert not await is_signed_in(member)
        assert "signed member person out" in (await owner.get("/p/shop/audit")).text

    async def test_ops_do_it_at_any_partner_and_among_themselves(self, owner: Visitor) -> None:
        ops = await Visitor(owner.app).sign_in_as(Role.OPS)
        [place] = places(await ops.get("/p/shop/people"))
        await ops.post(place)
        assert not await is_signed_in(owner)
        other = Visitor(owner.app)
        await signed_in(other, "ops@doorstep.example")
        [place] = places(await ops.get("/ops/people"))
        await ops.post(place)
        assert not await is_signed_in(other)

    async def test_another_partner_s_sessions_are_not_found(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await stack.add_partner("other")
        stranger = await Visitor(owner.app).sign_in_as(Role.OWNER, "other")
        ops = await Visitor(owner.app).sign_in_as(Role.OPS)
        [place] = places(await ops.get("/p/other/people"))
        moved = place.replace("/p/other/", "/p/shop/")
        assert (await owner.post(place)).status == 404
        assert (await owner.post(moved)).status == 404
        [of_ops] = [
            one.replace("/account/", "/p/shop/people/") for one in places(await _twice(ops))
        ]
        assert (await owner.post(of_ops)).status == 404
        assert await is_signed_in(stranger)

    async def test_members_do_not_see_them(self, owner: Visitor) -> None:
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        ops = await Visitor(owner.app).sign_in_as(Role.OPS)
        place = places(await ops.get("/p/shop/people"))[0]
        assert (await member.post(place)).status == 403


async def _twice(ops: Visitor) -> Page:
    """Your account of somebody who is signed in somewhere else, too."""
    await signed_in(Visitor(ops.app), "ops@doorstep.example")
    return await ops.get("/account")
