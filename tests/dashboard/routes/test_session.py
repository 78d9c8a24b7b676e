"""Signing in and out: what is answered, what the cookie is, and what keeps others out."""

import asyncio
import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.auth.sign_in import SignIn
from api.dependencies import Parts
from contracts.access.users import SESSION_IDLE_FOR, Invite, Role
from contracts.clock import utc_now
from contracts.errors import Busy
from store.access import login_throttle
from store.access.invitations import invite
from store.access.login_throttle import MOST_OF_ADDRESS
from store.access.sessions import session_of
from store.tables import LoginThrottleRow
from tests.support.stack import Stack
from tests.support.visitor import COOKIE, PASSWORD, Page, Visitor

OWNER = "owner@shop.example"


async def signed_in(visitor: Visitor, email: str = OWNER, password: str = PASSWORD) -> Page:
    """Send the form of the sign-in."""
    return await visitor.post("/sign-in", {"email": email, "password": password}, csrf="")


class TestSigningIn:
    async def test_it_leads_to_the_partner_s_pages(self, owner: Visitor) -> None:
        entered = await signed_in(Visitor(owner.app))
        assert entered.url.endswith("/dashboard/p/shop")

    async def test_ops_come_to_all_partners(self, ops: Visitor) -> None:
        entered = await signed_in(Visitor(ops.app), "ops@doorstep.example")
        assert entered.url.endswith("/dashboard/ops")

    @pytest.mark.parametrize(
        ("email", "password"),
        [
            (OWNER, "a wrong password"),
            ("nobody@shop.example", PASSWORD),
            ("\x00", "\x00"),
            ("", ""),
        ],
        ids=["wrong password", "unknown address", "hostile", "empty"],
    )
    async def test_every_refusal_is_the_same(
        self, owner: Visitor, email: str, password: str
    ) -> None:
        refused = await signed_in(Visitor(owner.app), email, password)
        wanted = await signed_in(Visitor(owner.app), OWNER, "another wrong one")
        assert (refused.status, _typed(refused)) == (401, email)
        assert _without_typed(refused) == _without_typed(wanted)

    @pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code"])
    @pytest.mark.parametrize("charset", ["unicode_escape", "undefined", "punycode", "\x00", "no"])
    async def test_a_charset_of_the_client_s_own_is_no_fault_of_ours(
        self, owner: Visitor, path: str, charset: str
    ) -> None:
        """One that decodes what cannot be written, halves of characters, or nothing."""
        part = '--b\r\ncontent-disposition: form-data; name="{}"\r\n\r\n\\ud800\r\n'
        fields = "".join(part.format(name) for name in ("email", "password", "code", "csrf"))
        kind = f'multipart/form-data; boundary=b; charset="{charset}"'
        answer = await Visitor(owner.app).http.post(
            f"/dashboard{path}",
            content=f"{fields}--b--\r\n".encode(),
            headers={"content-type": kind, "sec-fetch-site": "same-origin"},
        )
        assert answer.status_code < 500

    async def test_after_many_wrong_ones_the_right_one_is_refused_too(self, owner: Visitor) -> None:
        for _ in range(MOST_OF_ADDRESS):
            wrong = await signed_in(Visitor(owner.app), OWNER, "a wrong password")
        right = await signed_in(Visitor(owner.app))
        assert (right.status, right.html) == (401, wrong.html)

    async def test_many_sent_at_once_are_no_way_around_that(
        self, owner: Visitor, stack: Stack
    ) -> None:
        owner.app.state.parts = replace(_parts(stack), sign_in=SignIn(stack.database))
        guesses = [signed_in(Visitor(owner.app), OWNER, f"guess {n}") for n in range(20)]
        await asyncio.gather(*guesses)
        counted = await stack.database.read(_failures)
        assert MOST_OF_ADDRESS <= counted <= MOST_OF_ADDRESS + 1, "two are looked at at once"

    async def test_again_in_the_same_browser_ends_the_session_before(
        self, owner: Visitor, stack: Stack
    ) -> None:
        before = owner.http.cookies[COOKIE]
        answer = await owner.http.post(
            "/dashboard/sign-in", data={"email": OWNER, "password": PASSWORD}
        )
        assert answer.status_code == 303
        assert owner.http.cookies[COOKIE] != before
        assert await stack.database.read(session_of, before, utc_now()) is None

    async def test_the_cookie_is_for_no_script_and_no_other_site(self, owner: Visitor) -> None:
        answer = await Visitor(owner.app).http.post(
            "/dashboard/sign-in", data={"email": OWNER, "password": PASSWORD}
        )
        said = answer.headers["set-cookie"].lower()
        assert said.startswith("doorstep_session=")
        assert "httponly" in said
        assert "samesite=lax" in said

    async def test_over_tls_it_is_for_this_host_and_tls_only(
        self, owner: Visitor, stack: Stack
    ) -> None:
        assert stack.app is not None
        parts: Parts = stack.app.state.parts
        rules = replace(parts.text_rules, public_url="https://doorstep.example")
        stack.app.state.parts = replace(parts, text_rules=rules)
        answer = await Visitor(owner.app).http.post(
            "/dashboard/sign-in", data={"email": OWNER, "password": PASSWORD}
        )
        said = answer.headers["set-cookie"].lower()
        assert said.startswith("__host-doorstep_session=")
        assert "secure" in said


@pytest.mark.extended
class TestTheLine:
    async def test_one_network_has_a_few_places_and_the_others_stay_free(
        self, owner: Visitor, stack: Stack
    ) -> None:
        sign_in = SignIn(stack.database)
        now = utc_now()

        def guess(number: int, client: str) -> asyncio.Task[object]:
            email = f"nobody-{number}@shop.example"
            return asyncio.create_task(sign_in.with_password(email, "wrong", client, now))

        noisy = [guess(number, f"2001:db8::{number:x}") for number in range(24)]
        other = await sign_in.with_password(OWNER, PASSWORD, "192.0.2.7", now)
        assert other is not None
        ended = await asyncio.gather(*noisy, return_exceptions=True)
        assert sum(isinstance(one, Busy) for one in ended) == 24 - 6

    async def test_a_full_line_is_a_503(self, owner: Visitor, stack: Stack) -> None:
        sign_in = SignIn(stack.database)
        waiting = [
            asyncio.create_task(
                sign_in.with_password(f"{n}@shop.example", "wrong", f"192.0.2.{n}", utc_now())
            )
            for n in range(60)
        ]
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert 0 < sum(isinstance(one, Busy) for one in ended) < 60

    async def test_who_chooses_a_password_does_not_stand_behind_guesses(
        self, owner: Visitor, stack: Stack
    ) -> None:
        sign_in = SignIn(stack.database)
        guesses = [
            asyncio.create_task(
                sign_in.with_password(f"{n}@shop.example", "wrong", f"192.0.2.{n}", utc_now())
            )
            for n in range(20)
        ]
        assert await sign_in.hashed("a new password")
        assert not all(one.done() for one in guesses)
        await asyncio.gather(*guesses)


class TestWhoIsLocked:
    async def test_a_whole_network_of_ipv6_is_one_client(self, stack: Stack) -> None:
        locked = await self._locked_after(stack, [f"2001:db8:1:2::{n:x}" for n in range(50)])
        assert locked("2001:db8:1:2:ffff::1")
        assert not locked("2001:db8:1:3::1")

    async def test_and_so_is_a_site_of_many(self, stack: Stack) -> None:
        locked = await self._locked_after(stack, [f"2001:db8:1:{n:x}::1" for n in range(200)])
        assert locked("2001:db8:1:ffff::1")
        assert not locked("2001:db8:2::1")

    async def test_ipv4_is_an_address_however_it_is_written(self, stack: Stack) -> None:
        locked = await self._locked_after(stack, ["192.0.2.1"] * 50)
        assert locked("::ffff:192.0.2.1")
        assert not locked("192.0.2.2")

    async def test_another_spelling_is_no_way_around_it(self, stack: Stack) -> None:
        composed = "jos\u00e9@shop.example"
        spellings = [composed, "jose\u0301@shop.example", f" {composed.upper()} "]
        for number in range(MOST_OF_ADDRESS):
            await stack.database.write(
                login_throttle.note_failure, spellings[number % 3], f"192.0.2.{number}", utc_now()
            )
        for spelling in spellings:
            is_locked = login_throttle.is_locked
            assert await stack.database.read(is_locked, spelling, "192.0.2.99", utc_now())

    async def _locked_after(self, stack: Stack, clients: list[str]) -> Callable[[str], bool]:
        """Many wrong passwords for as many addresses; gives who is locked then."""
        now = utc_now()

        def work(session: Session) -> None:
            for number, client in enumerate(clients):
                login_throttle.note_failure(session, f"{number}@shop.example", client, now)

        await stack.database.write(work)
        seen = {}
        for client in (
            "2001:db8:1:2:ffff::1",
            "2001:db8:1:3::1",
            "2001:db8:1:ffff::1",
            "2001:db8:2::1",
            "::ffff:192.0.2.1",
            "192.0.2.2",
        ):
            seen[client] = await stack.database.read(
                login_throttle.is_locked, "other@shop.example", client, now
            )
        return seen.__getitem__


class TestLinks:
    async def test_a_signature_outside_ascii_is_not_found(
        self, owner: Visitor, stack: Stack
    ) -> None:
        asked = Invite(email="new@shop.example", name="N", role=Role.MEMBER, partner_id="shop")
        _, token = await stack.database.write(invite, asked, utc_now(), actor="test")
        link, _, _ = token.partition(".")
        assert (await Visitor(owner.app).get(f"/invitations/{link}.%C3%A9")).status == 404

    @pytest.mark.parametrize(
        ("chosen", "typed"),
        [
            ("caf\u00e9 au lait chaud", "cafe\u0301 au lait chaud"),
            (
                "\u092c\u095c\u093e \u0918\u094b\u095c\u093e 4711",
                "\u092c\u0921\u093c\u093e \u0918\u094b\u0921\u093c\u093e 4711",
            ),
        ],
        ids=["accent", "nukta"],
    )
    async def test_a_password_is_the_same_on_another_keyboard(
        self, visitor: Visitor, stack: Stack, chosen: str, typed: str
    ) -> None:
        asked = Invite(email="new@shop.example", name="N", role=Role.MEMBER, partner_id="shop")
        _, token = await stack.database.write(invite, asked, utc_now(), actor="test")
        fields = {"password": chosen, "again": typed}
        assert (await visitor.post(f"/invitations/{token}", fields, csrf="")).status == 200
        entered = await signed_in(Visitor(visitor.app), "new@shop.example", typed)
        assert entered.url.endswith("/dashboard/p/shop")

    async def test_one_that_was_used_says_so_and_what_to_do(
        self, visitor: Visitor, stack: Stack
    ) -> None:
        asked = Invite(email="new@shop.example", name="N", role=Role.MEMBER, partner_id="shop")
        _, token = await stack.database.write(invite, asked, utc_now(), actor="test")
        link = f"/invitations/{token}"
        assert (await visitor.post(link, {"password": PASSWORD, "again": PASSWORD}, csrf="")).status
        used = await Visitor(visitor.app).get(link)
        assert used.status == 404
        assert "This link was already used" in used.text
        assert "ask whoever invited you for a new link" in used.text
        assert 'href="/dashboard/"' in used.html

    async def test_one_that_is_too_old_does_not_say_that_it_was_used(
        self, visitor: Visitor, stack: Stack
    ) -> None:
        asked = Invite(email="new@shop.example", name="N", role=Role.MEMBER, partner_id="shop")
        long_ago = utc_now() - timedelta(days=30)
        _, token = await stack.database.write(invite, asked, long_ago, actor="test")
        ended = await visitor.get(f"/invitations/{token}")
        assert (ended.status, "does not work any more" in ended.text) == (404, True)


def _typed(page: Page) -> str:
    """The address that the form still has."""
    return html.unescape(re.findall(r'name="email" type="email" value="([^"]*)"', page.html)[0])


def _without_typed(page: Page) -> str:
    return re.sub(r'(name="email" type="email") value="[^"]*"', r"\1", page.html)


def _parts(stack: Stack) -> Parts:
    assert stack.app is not None
    parts: Parts = stack.app.state.parts
    return parts


def _failures(session: Session) -> int:
    """How many wrong passwords of the address were looked at."""
    rows = session.exec(select(LoginThrottleRow)).all()
    return next(row.failures for row in rows if row.key.startswith("address:"))


class TestTheSession:
    async def test_without_one_every_page_leads_to_the_sign_in(self, visitor: Visitor) -> None:
        for path in ("/", "/p/shop", "/p/shop/people", "/ops", "/account"):
            assert (await visitor.get(path)).url.endswith("/dashboard/sign-in")

    async def test_an_expired_one_leads_there_too(self, owner: Visitor, stack: Stack) -> None:
        assert stack.app is not None
        parts: Parts = stack.app.state.parts
        late = parts.clock() + SESSION_IDLE_FOR + timedelta(seconds=1)
        stack.app.state.parts = replace(parts, clock=lambda: late)
        assert (await owner.get("/p/shop/people")).url.endswith("/dashboard/sign-in")

    async def test_signing_out_ends_it(self, owner: Visitor) -> None:
        cookies = dict(owner.http.cookies)
        out = await owner.post("/sign-out")
        assert out.url.endswith("/dashboard/sign-in")
        stolen = Visitor(owner.app)
        stolen.http.cookies.update(cookies)
        assert (await stolen.get("/account")).url.endswith("/dashboard/sign-in")


class TestForgedForms:
    async def test_without_the_session_s_token_nothing_is_done(self, owner: Visitor) -> None:
        asked = {"email": "a@b.example", "name": "A", "role": "owner"}
        for token in ("", "wrong", "ünïcode"):
            forged = await owner.post("/p/shop/people", asked, csrf=token)
            assert (forged.status, "expired" in forged.text) == (403, True)
        assert "a@b.example" not in (await owner.get("/p/shop/people")).text

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
        ],
    )
    async def test_from_another_site_nobody_is_signed_in(
        self, owner: Visitor, headers: dict[str, str]
    ) -> None:
        answer = await Visitor(owner.app).http.post(
            "/dashboard/sign-in", data={"email": OWNER, "password": PASSWORD}, headers=headers
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


class TestOthersPages:
    async def test_another_partner_s_are_not_found(self, owner: Visitor, stack: Stack) -> None:
        await stack.add_partner("other")
        for path in ("/p/other", "/p/other/people", "/p/nobody/people", "/ops", "/ops/people"):
            assert (await owner.get(path)).status == 404

    async def test_ops_see_a_partner_s(self, ops: Visitor) -> None:
        assert (await ops.get("/p/shop/people")).status == 200


class TestThePortal:
    async def test_its_link_opens_the_dashboard_once(self, visitor: Visitor, stack: Stack) -> None:
        answer = await stack.api.post(
            "/v1/partners/shop/portal-links", json={"name": "portal user 4711", "role": "owner"}
        )
        assert answer.status_code == 201
        link = answer.json()["url"].removeprefix("http://doorstep.test/dashboard")
        assert "Chai Point" in (await visitor.get(link)).text
        entered = await visitor.post(link, csrf="")
        assert entered.url.endswith("/dashboard/p/shop")
        assert "portal user 4711" in (await visitor.get("/p/shop/people")).text
        assert (await Visitor(visitor.app).post(link, csrf="")).status == 404


class TestThePages:
    async def test_they_load_nothing_of_others_and_are_kept_nowhere(self, owner: Visitor) -> None:
        answer = await owner.http.get("/dashboard/p/shop/people")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "style=" not in answer.text

    async def test_what_they_load_is_there_and_may_be_kept(self, visitor: Visitor) -> None:
        for name, kind in {"doorstep.css": "text/css", "live.js": "text/javascript"}.items():
            answer = await visitor.http.get(f"/dashboard/assets/{name}")
            assert answer.headers["content-type"].startswith(kind)
            assert "immutable" in answer.headers["cache-control"]
        assert (await visitor.get("/assets/../app.py")).status == 404

    async def test_what_shrinks_is_sent_packed_to_whoever_unpacks_it(
        self, visitor: Visitor
    ) -> None:
        for name, packs in {"doorstep.css": True, "icons.svg": True, "icon.svg": False}.items():
            sizes = []
            for accepted in ("identity", "gzip"):
                asked = {"accept-encoding": accepted}
                place = f"/dashboard/assets/{name}"
                answer = await visitor.http.get(place, headers=asked)
                sizes.append(int(answer.headers["content-length"]))
                is_packed = answer.headers.get("content-encoding") == "gzip"
                assert is_packed == (packs and accepted == "gzip"), name
            assert (sizes[1] < sizes[0] / 2) == packs, name

    async def test_pages_are_not_packed(self, owner: Visitor) -> None:
        """How well one packs would tell of the tokens in it (BREACH)."""
        answer = await owner.http.get("/dashboard/p/shop", headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in answer.headers

    @pytest.mark.parametrize(("path", "status"), [("/nothing/here", 404), ("/sign-out", 405)])
    async def test_an_error_is_a_page(self, visitor: Visitor, path: str, status: int) -> None:
        lost = await visitor.get(path)
        assert (lost.status, "no such page" in lost.text) == (status, True)

    async def test_a_form_that_is_too_large_is_no_mistake_of_ours(self, owner: Visitor) -> None:
        large = await owner.post("/p/shop/people", {"name": "x" * 300_000})
        assert (large.status, "our side" in large.text) == (413, False)

    async def test_a_role_that_nobody_has_is_refused(self, owner: Visitor) -> None:
        asked = {"email": "a@b.example", "name": "A", "role": Role.OPS.value}
        assert (await owner.post("/p/shop/people", asked)).status in (422, 409)


async def test_its_requests_are_counted_by_their_whole_routes(owner: Visitor, stack: Stack) -> None:
    await owner.get("/p/shop/people")
    assert stack.app is not None
    parts: Parts = stack.app.state.parts
    counted = (await parts.metrics.shown(stack.database, parts.clock)).decode()
    assert 'route="/dashboard/p/{partner_id}/people"' in counted
    assert 'route="/v1/partners"' in counted
