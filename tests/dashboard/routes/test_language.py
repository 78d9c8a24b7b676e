"""The language of the pages: chosen by each user, kept, and followed by every answer."""

from collections.abc import AsyncIterator

import pytest

from contracts.access.users import Role
from dashboard.translations import words_in
from tests.support.stack import Stack
from tests.support.visitor import PASSWORD, Page, Visitor

EN, HI = words_in("en"), words_in("hi")


async def chooses(visitor: Visitor, language: str, back: str = "/dashboard/account") -> Page:
    return await visitor.post("/language", {"language": language, "back": back})


async def signs_in(visitor: Visitor) -> None:
    form = {"email": "owner@shop.example", "password": PASSWORD}
    assert (await visitor.post("/sign-in", form, csrf="")).status == 200


@pytest.fixture
async def elsewhere(owner: Visitor) -> AsyncIterator[Visitor]:
    """The owner in another browser."""
    other = Visitor(owner.app)
    await signs_in(other)
    yield other
    await other.http.aclose()


class TestBeforeSigningIn:
    async def test_the_browser_s_languages_are_gone_by(self, visitor: Visitor) -> None:
        page = await visitor.get("/sign-in", **{"accept-language": "fr, hi-IN;q=0.9, en;q=0.5"})
        assert '<html lang="hi"' in page.html
        assert HI("sign-in-lost") in page.text

    async def test_a_language_that_is_not_there_is_english(self, visitor: Visitor) -> None:
        page = await visitor.get("/sign-in", **{"accept-language": "fr"})
        assert EN("sign-in-lost") in page.text

    async def test_a_choice_is_kept_by_the_browser(self, visitor: Visitor) -> None:
        assert '<html lang="en"' in (await visitor.get("/sign-in")).html
        form = {"language": "hi", "back": "/dashboard/sign-in"}
        chosen = await visitor.post("/language", form, csrf="")
        assert chosen.url.endswith("/dashboard/sign-in")
        assert HI("sign-in-lost") in chosen.text
        assert HI("failure-not-found-title") in (await visitor.get("/nothing/here")).text

    async def test_only_a_page_of_ours_is_gone_back_to(self, visitor: Visitor) -> None:
        for place in ("https://elsewhere.example/", "//elsewhere.example/dashboard/", ""):
            form = {"language": "hi", "back": place}
            answer = await visitor.http.post("/dashboard/language", data=form)
            assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard/")

    async def test_a_language_that_is_not_there_cannot_be_chosen(self, visitor: Visitor) -> None:
        answer = await visitor.http.post("/dashboard/language", data={"language": "../en"})
        assert answer.status_code == 404


class TestOfAUser:
    async def test_it_is_chosen_once_for_every_browser(
        self, owner: Visitor, elsewhere: Visitor
    ) -> None:
        assert EN("account-title") in (await owner.get("/account")).text
        assert HI("account-title") in (await chooses(owner, "hi")).text
        there = await elsewhere.get("/p/shop", **{"accept-language": "en"})
        assert '<html lang="hi"' in there.html
        assert HI("nav-overview") in there.text

    async def test_it_stays_when_they_sign_in_again(self, owner: Visitor) -> None:
        await chooses(owner, "hi")
        owner.http.cookies.clear()
        await signs_in(owner)
        assert HI("account-title") in (await owner.get("/account")).text

    async def test_nobody_else_s_is_changed(self, owner: Visitor) -> None:
        await chooses(owner, "hi")
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        assert EN("account-title") in (await member.get("/account")).text
        await member.http.aclose()

    async def test_what_goes_wrong_is_said_in_it(self, owner: Visitor) -> None:
        await chooses(owner, "hi")
        owner.http.cookies.delete("doorstep_language")
        assert HI("failure-not-found-title") in (await owner.get("/p/another")).text

    async def test_a_form_of_another_page_cannot_choose(self, owner: Visitor) -> None:
        refused = await owner.post("/language", {"language": "hi"}, csrf="wrong")
        assert (refused.status, EN("failure-forged-title") in refused.text) == (403, True)


async def test_the_pages_of_ops_are_english(ops: Visitor) -> None:
    await chooses(ops, "hi")
    own, shops = await ops.get("/ops"), await ops.get("/p/shop")
    assert '<html lang="en"' in own.html
    assert '<html lang="hi"' in shops.html


async def test_a_portal_says_in_which_language_its_user_reads(
    visitor: Visitor, stack: Stack
) -> None:
    asked = {"name": "portal user 4711", "language": "hi"}
    made = await stack.api.post("/v1/partners/shop/portal-links", json=asked)
    link = made.json()["url"].partition("/dashboard")[2]
    assert HI("portal-explained", place="Chai Point") in (await visitor.get(link)).text
    entered = await visitor.post(link, csrf="")
    assert HI("nav-overview") in entered.text
    assert EN("nav-overview") in (await chooses(visitor, "en", "/dashboard/p/shop")).text
