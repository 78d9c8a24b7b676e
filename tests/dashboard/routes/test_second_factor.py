"""The second factor at the dashboard: set up, asked for, lost; and what keeps others out."""

from datetime import timedelta

import pytest

from contracts.access.second_factor import PENDING_SIGN_IN_LASTS, SecondFactorRule
from contracts.access.users import Role
from store.access.totp import code_at
from tests.support.authenticator import (
    STEP,
    Phone,
    codes_on,
    enrolled,
    sealed_in,
    signed_in,
    stop_the_clock,
)
from tests.support.clock import Hands
from tests.support.stack import Stack
from tests.support.visitor import COOKIE, PASSWORD, Page, Visitor

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hands(owner: Visitor) -> Hands:
    """The clock of the dashboard."""
    return stop_the_clock(owner.app)


@pytest.fixture
async def phone(owner: Visitor, hands: Hands) -> Phone:
    """The owner's, once it is their second factor."""
    return (await enrolled(owner, hands))[0]


async def at_the_code(owner: Visitor, email: str = "owner@shop.example") -> Visitor:
    """Another browser, after the right password."""
    browser = Visitor(owner.app)
    assert (await signed_in(browser, email)).url.endswith("/dashboard/sign-in/code")
    return browser


async def typed(browser: Visitor, code: str) -> Page:
    """Send the form of the code."""
    return await browser.post("/sign-in/code", {"code": code}, csrf="")


async def is_in(browser: Visitor) -> bool:
    """Whether this browser sees the shop's pages."""
    return (await browser.get("/p/shop/people")).url.endswith("/p/shop/people")


class TestSettingItUp:
    async def test_a_code_of_the_app_turns_it_on(self, owner: Visitor, hands: Hands) -> None:
        _, codes = await enrolled(owner, hands)
        assert len(set(codes)) == 10
        state = await owner.get("/account/second-factor")
        assert "10 recovery codes are left" in state.text
        assert codes[0] not in state.html

    async def test_the_picture_is_drawn_in_the_page(self, owner: Visitor) -> None:
        asked = await owner.get("/account/second-factor")
        assert "<svg " in asked.html
        assert "style=" not in asked.html
        assert 'href="otpauth://totp/Doorstep:owner@shop.example?secret=' in asked.html

    @pytest.mark.parametrize(
        ("off", "said"),
        [
            (-5 * MINUTE, "was right 5 minutes ago"),
            (5 * MINUTE, "clock is 5 minutes fast"),
            (-timedelta(hours=1), "That code is not right"),
        ],
    )
    async def test_a_clock_that_is_off_is_told(
        self, owner: Visitor, hands: Hands, off: timedelta, said: str
    ) -> None:
        asked = await owner.get("/account/second-factor")
        phone = Phone(hands).scan(asked)
        fields = {"sealed": sealed_in(asked), "password": PASSWORD, "code": phone.code(off=off)}
        again = await owner.post("/account/second-factor/new", fields)
        assert (again.status, said in again.text) == (422, True)
        assert Phone(hands).scan(again).secret == phone.secret, "the picture stays"

    async def test_it_needs_the_password(self, owner: Visitor, hands: Hands) -> None:
        asked = await owner.get("/account/second-factor")
        phone = Phone(hands).scan(asked)
        fields = {"sealed": sealed_in(asked), "password": "a wrong one", "code": phone.code()}
        refused = await owner.post("/account/second-factor/new", fields)
        assert (refused.status, "password is wrong" in refused.text) == (422, True)

    async def test_a_secret_of_another_session_is_not_taken(
        self, owner: Visitor, hands: Hands
    ) -> None:
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        asked = await member.get("/account/second-factor")
        phone = Phone(hands).scan(asked)
        for sealed in (sealed_in(asked), "AAAA", "ü"):
            fields = {"sealed": sealed, "password": PASSWORD, "code": phone.code()}
            refused = await owner.post("/account/second-factor/new", fields)
            assert refused.status == 403

    async def test_whoever_comes_from_the_portal_has_none(
        self, owner: Visitor, stack: Stack
    ) -> None:
        asked = {"name": "portal user 4711"}
        link = (await stack.api.post("/v1/partners/shop/portal-links", json=asked)).json()["url"]
        visitor = Visitor(owner.app)
        await visitor.post(link.partition("/dashboard")[2], csrf="none")
        assert (await visitor.get("/account/second-factor")).status == 404


class TestSigningIn:
    async def test_the_code_leads_in(self, owner: Visitor, phone: Phone) -> None:
        browser = await at_the_code(owner)
        assert not await is_in(browser)
        entered = await typed(browser, phone.next_code())
        assert entered.url.endswith("/dashboard/p/shop")

    async def test_a_recovery_code_leads_in_once(self, owner: Visitor, hands: Hands) -> None:
        _, codes = await enrolled(owner, hands)
        first, second = await at_the_code(owner), await at_the_code(owner)
        assert "Recovery code" in (await first.get("/sign-in/code?by=recovery")).text
        assert (await typed(first, codes[0])).url.endswith("/dashboard/p/shop")
        used = await typed(second, codes[0])
        assert (used.status, "already used" in used.text) == (401, True)
        state = await owner.get("/account/second-factor")
        assert "9 recovery codes are left" in state.text

    async def test_a_code_that_was_seen_is_no_use_to_others(
        self, owner: Visitor, phone: Phone
    ) -> None:
        first, second = await at_the_code(owner), await at_the_code(owner)
        code = phone.next_code()
        await typed(first, code)
        used = await typed(second, code)
        assert (used.status, "already used" in used.text) == (401, True)

    @pytest.mark.parametrize(
        ("off", "said"),
        [
            (timedelta(), ""),
            (STEP, ""),
            (-5 * MINUTE, "was right 5 minutes ago"),
            (5 * MINUTE, "That code is not right"),
        ],
    )
    async def test_a_clock_may_be_off_by_a_step_and_no_more(
        self, owner: Visitor, phone: Phone, off: timedelta, said: str
    ) -> None:
        """One that is fast is told nobody here: it would be a code to come back with."""
        phone.hands.turn(2 * STEP)
        browser = await at_the_code(owner)
        answer = await typed(browser, phone.code(off=off))
        assert said in answer.text
        assert await is_in(browser) is not bool(said)

    async def test_after_five_wrong_ones_the_right_one_is_refused_too(
        self, owner: Visitor, phone: Phone
    ) -> None:
        for _ in range(5):
            assert (await typed(await at_the_code(owner), "000000")).status == 401
        browser = await at_the_code(owner)
        locked = await typed(browser, phone.next_code())
        assert (locked.status, "too often" in locked.text) == (429, True)
        assert not await is_in(browser)
        phone.hands.turn(15 * MINUTE)
        assert (await typed(await at_the_code(owner), phone.code())).status == 200

    async def test_it_does_not_wait_for_ever(self, owner: Visitor, phone: Phone) -> None:
        browser = await at_the_code(owner)
        phone.hands.turn(PENDING_SIGN_IN_LASTS)
        late = await typed(browser, phone.code())
        assert (late.status, "took too long" in late.text) == (401, True)
        assert (await browser.get("/")).url.endswith("/dashboard/sign-in")

    @pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/second-factor"])
    async def test_without_the_password_there_is_nothing(self, owner: Visitor, path: str) -> None:
        browser = Visitor(owner.app)
        assert (await browser.get(path)).status == 401
        assert (await browser.post(path, {"code": "000000"}, csrf="")).status == 401

    async def test_another_browser_does_not_end_what_this_one_began(
        self, owner: Visitor, phone: Phone
    ) -> None:
        await at_the_code(owner)
        elsewhere = Visitor(owner.app)
        assert (await typed(elsewhere, phone.next_code())).status == 401
        assert not await is_in(elsewhere)

    async def test_its_cookie_is_no_session_and_for_no_script(
        self, owner: Visitor, phone: Phone
    ) -> None:
        browser = Visitor(owner.app)
        answer = await browser.http.post(
            "/dashboard/sign-in", data={"email": "owner@shop.example", "password": PASSWORD}
        )
        said = answer.headers["set-cookie"].lower()
        assert said.startswith("doorstep_sign_in=")
        assert "httponly" in said
        assert "samesite=lax" in said
        token = browser.http.cookies["doorstep_sign_in"]
        browser.http.cookies.set(COOKIE, token, domain="doorstep.test")
        assert not await is_in(browser)

    async def test_from_another_site_no_code_is_taken(self, owner: Visitor, phone: Phone) -> None:
        browser = await at_the_code(owner)
        answer = await browser.http.post(
            "/dashboard/sign-in/code",
            data={"code": phone.next_code()},
            headers={"sec-fetch-site": "cross-site"},
        )
        assert answer.status_code == 403

    async def test_a_new_password_is_no_way_around_it(self, owner: Visitor, phone: Phone) -> None:
        asked = {"email": "owner@shop.example", "name": "Priya", "role": "owner"}
        invited = await owner.post("/p/shop/people", asked)
        link = invited.html.partition("http://doorstep.test/dashboard")[2].partition("<")[0]
        browser = Visitor(owner.app)
        chosen = {"password": PASSWORD, "again": PASSWORD}
        asked_for = await browser.post(link, chosen, csrf="")
        assert asked_for.url.endswith("/dashboard/sign-in/code")
        assert not await is_in(browser)


class TestWhereItIsRequired:
    @pytest.fixture
    def hands(self, owner: Visitor) -> Hands:
        """The clock of a dashboard where everybody has to have one."""
        return stop_the_clock(owner.app, SecondFactorRule.EVERYONE)

    async def test_one_lands_where_it_is_set_up_and_nowhere_else(
        self, owner: Visitor, hands: Hands
    ) -> None:
        browser = Visitor(owner.app)
        asked = await signed_in(browser)
        assert asked.url.endswith("/dashboard/sign-in/second-factor")
        for path in ("/", "/p/shop", "/account", "/account/second-factor"):
            assert (await browser.get(path)).url.endswith("/dashboard/sign-in")
        asked = await browser.get("/sign-in/second-factor")
        phone = Phone(hands).scan(asked)
        wrong = {"sealed": sealed_in(asked), "code": phone.code(off=10 * STEP)}
        again = await browser.post("/sign-in/second-factor", wrong, csrf="")
        assert (again.status, "5 minutes fast" in again.text) == (422, True)
        right = {"sealed": sealed_in(again), "code": phone.code()}
        done = await browser.post("/sign-in/second-factor", right, csrf="")
        assert len(codes_on(done)) == 10
        assert await is_in(browser)
        assert not await is_in(owner), "it began without one"

    async def test_and_it_stays_on(self, owner: Visitor, phone: Phone) -> None:
        state = await owner.get("/account/second-factor")
        assert "cannot be turned off" in state.text
        refused = await owner.post("/account/second-factor/off", {"code": phone.next_code()})
        assert (refused.status, "cannot be turned off" in refused.text) == (409, True)

    async def test_whoever_has_one_is_asked_for_its_code(
        self, owner: Visitor, phone: Phone
    ) -> None:
        browser = await at_the_code(owner)
        assert (await browser.get("/sign-in/second-factor")).url.endswith("/sign-in/code")
        assert (await typed(browser, phone.next_code())).url.endswith("/dashboard/p/shop")

    async def test_of_ops_alone_the_others_are_not_asked(self, owner: Visitor) -> None:
        stop_the_clock(owner.app, SecondFactorRule.OPS)
        await Visitor(owner.app).sign_in_as(Role.OPS)
        shop, ops = Visitor(owner.app), Visitor(owner.app)
        assert (await signed_in(shop)).url.endswith("/dashboard/p/shop")
        asked = await signed_in(ops, "ops@doorstep.example")
        assert asked.url.endswith("/dashboard/sign-in/second-factor")


@pytest.mark.extended
class TestChangingIt:
    async def test_another_phone_takes_its_place(self, owner: Visitor, phone: Phone) -> None:
        asked = await owner.get("/account/second-factor/new")
        other = Phone(phone.hands).scan(asked)
        phone.hands.turn(STEP)
        fields = {"sealed": sealed_in(asked), "current": "000000", "code": other.code()}
        assert (await owner.post("/account/second-factor/new", fields)).status == 422
        fields["current"] = phone.code()
        assert len(codes_on(await owner.post("/account/second-factor/new", fields))) == 10
        phone.hands.turn(STEP)
        browser = await at_the_code(owner)
        assert (await typed(browser, phone.code())).status == 401
        assert (await typed(browser, other.code())).url.endswith("/dashboard/p/shop")

    async def test_new_recovery_codes_end_those_before(self, owner: Visitor, hands: Hands) -> None:
        phone, before = await enrolled(owner, hands)
        wrong = await owner.post("/account/second-factor/codes", {"code": "000000"})
        assert wrong.status == 422
        renewed = await owner.post("/account/second-factor/codes", {"code": phone.next_code()})
        browser = await at_the_code(owner)
        assert (await typed(browser, before[0])).status == 401
        assert (await typed(browser, codes_on(renewed)[0])).url.endswith("/dashboard/p/shop")

    async def test_it_is_switched_off_by_a_code(self, owner: Visitor, phone: Phone) -> None:
        wrong = await owner.post("/account/second-factor/off", {"code": "000000"})
        assert wrong.status == 422
        off = await owner.post("/account/second-factor/off", {"code": phone.next_code()})
        assert "Two-step sign-in is off" in off.text
        assert (await signed_in(Visitor(owner.app))).url.endswith("/dashboard/p/shop")

    async def test_forms_of_others_change_nothing(self, owner: Visitor, phone: Phone) -> None:
        for path in ("new", "codes", "off"):
            forged = await owner.post(f"/account/second-factor/{path}", {"code": "1"}, csrf="no")
            assert forged.status == 403


class TestWhoHasLostIt:
    async def test_operations_reset_it(self, owner: Visitor, phone: Phone) -> None:
        ops = await Visitor(owner.app).sign_in_as(Role.OPS)
        team = await ops.get("/p/shop/people")
        place = team.html.partition('action="/dashboard')[2]
        place = next(
            one for one in team.html.split('"') if one.endswith("/reset-second-factor")
        ).removeprefix("/dashboard")
        assert "Reset." in (await ops.post(place)).text
        assert not await is_in(owner)
        assert (await signed_in(Visitor(owner.app))).url.endswith("/dashboard/p/shop")
        log = await ops.get("/p/shop/audit")
        assert "reset the two-step sign-in of owner person" in log.text

    async def test_an_owner_resets_a_member_s_and_no_owner_s(
        self, owner: Visitor, phone: Phone
    ) -> None:
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        await enrolled(member, phone.hands)
        team = await owner.get("/p/shop/people")
        places = [one for one in team.html.split('"') if one.endswith("/reset-second-factor")]
        assert len(places) == 1
        assert "Reset." in (await owner.post(places[0].removeprefix("/dashboard"))).text

    async def test_no_equal_s_even_when_the_form_is_made_up(
        self, owner: Visitor, phone: Phone, stack: Stack
    ) -> None:
        ops = await Visitor(owner.app).sign_in_as(Role.OPS)
        team = await ops.get("/p/shop/people")
        place = next(one for one in team.html.split('"') if one.endswith("/reset-second-factor"))
        refused = await owner.post(place.removeprefix("/dashboard"))
        assert (refused.status, "may do more" in refused.text) == (409, True)
        assert code_at(phone.secret, phone.hands.at)
        assert (await signed_in(Visitor(owner.app))).url.endswith("/dashboard/sign-in/code")
