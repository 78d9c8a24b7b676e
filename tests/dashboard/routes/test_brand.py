"""In whose name the pages are, how light they are, and who may show them in a frame."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.brand import Brand
from contracts.tracking.logos import read_logo
from tests.support.pictures import a_png
from tests.support.stack import Stack
from tests.support.visitor import PASSWORD, Visitor

Change = Callable[..., None]


@pytest.fixture
def change(stack: Stack) -> Change:
    """Runs the app with other parts."""

    def change(**parts: Any) -> None:
        assert stack.app is not None
        stack.app.state.parts = replace(stack.app.state.parts, **parts)

    return change


class TestTheBrand:
    async def test_its_name_is_in_the_header_the_title_and_at_the_sign_in(
        self, owner: Visitor, change: Change
    ) -> None:
        change(brand=Brand("Swift Logistics"))
        for page in (await owner.get("/p/shop"), await Visitor(owner.app).get("/sign-in")):
            assert "· Swift Logistics</title>" in page.html
            assert "<span>Swift Logistics</span>" in page.html
            assert "Doorstep" not in page.text

    async def test_its_help_is_linked_where_one_may_need_it(
        self, owner: Visitor, change: Change
    ) -> None:
        assert ">Help<" not in (await owner.get("/p/shop")).html
        change(brand=Brand(help_address="mailto:help@swift.example"))
        for page in (await owner.get("/p/shop"), await Visitor(owner.app).get("/sign-in")):
            assert 'href="mailto:help@swift.example"' in page.html
            assert " Help " in page.text

    async def test_its_logo_is_ours_to_serve(self, visitor: Visitor, change: Change) -> None:
        assert (await visitor.get("/assets/brand-logo")).status == 404
        logo = read_logo(a_png(30, 20))
        change(brand=Brand(logo=logo))
        assert "/dashboard/assets/brand-logo?v=" in (await visitor.get("/sign-in")).html
        answer = await visitor.http.get("/dashboard/assets/brand-logo")
        assert (answer.headers["content-type"], answer.content) == ("image/png", logo.content)

    async def test_or_another_server_s_which_the_policy_then_names(
        self, visitor: Visitor, change: Change
    ) -> None:
        change(brand=Brand(logo_address="https://cdn.example.com/logo.png"))
        answer = await visitor.http.get("/dashboard/sign-in")
        assert 'src="https://cdn.example.com/logo.png"' in answer.text
        policy = answer.headers["content-security-policy"]
        assert "img-src 'self' data: https://cdn.example.com;" in policy

    async def test_its_colour_is_a_stylesheet_of_its_own(
        self, visitor: Visitor, change: Change
    ) -> None:
        assert "brand.css" not in (await visitor.get("/sign-in")).html
        change(brand=Brand(colour="#ffcc00"))
        assert "/dashboard/assets/brand.css?v=" in (await visitor.get("/sign-in")).html
        answer = await visitor.http.get("/dashboard/assets/brand.css")
        assert answer.headers["content-type"].startswith("text/css")
        assert "--brand: light-dark(#8a6e00, #ffcc00)" in answer.text


class TestHowLight:
    async def test_it_is_the_system_s_until_somebody_chooses(self, visitor: Visitor) -> None:
        assert "data-theme" not in (await visitor.get("/sign-in")).html
        chosen = await visitor.post(
            "/theme", {"theme": "dark", "back": "/dashboard/sign-in"}, csrf=""
        )
        assert chosen.url.endswith("/dashboard/sign-in")
        assert '<html lang="en" data-theme="dark">' in chosen.html
        again = await visitor.post("/theme", {"theme": "system", "back": "x"}, csrf="")
        assert "data-theme" not in again.html

    @pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "", "/v1/x"])
    async def test_it_leads_back_to_pages_of_ours_only(self, visitor: Visitor, back: str) -> None:
        answer = await visitor.http.post("/dashboard/theme", data={"theme": "light", "back": back})
        assert answer.headers["location"] == "/dashboard/"

    async def test_a_cookie_that_names_no_look_is_the_system_s(self, visitor: Visitor) -> None:
        visitor.http.cookies.set("doorstep_theme", "purple")
        assert "data-theme" not in (await visitor.get("/sign-in")).html


class TestFrames:
    async def test_nobody_may_show_it_and_cookies_stay_at_home(self, owner: Visitor) -> None:
        answer = await _sign_in(owner)
        assert "SameSite=lax" in answer.headers["set-cookie"]
        assert "Partitioned" not in answer.headers["set-cookie"]
        page = await owner.http.get("/dashboard/sign-in")
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]

    async def test_one_origin_may_and_cookies_go_there(
        self, owner: Visitor, stack: Stack, change: Change
    ) -> None:
        assert stack.app is not None
        rules = replace(stack.app.state.parts.text_rules, public_url="https://doorstep.example")
        change(text_rules=rules, embed_origin="https://portal.example.com")
        page = await owner.http.get("/dashboard/sign-in")
        policy = page.headers["content-security-policy"]
        assert policy.endswith("frame-ancestors https://portal.example.com")
        said = (await _sign_in(owner)).headers["set-cookie"]
        for attribute in ("SameSite=none", "Secure", "HttpOnly", "Partitioned", "Path=/"):
            assert f"; {attribute}" in said

    async def test_an_error_s_page_is_as_shut(self, visitor: Visitor) -> None:
        lost = await visitor.http.get("/dashboard/nothing/here")
        assert "frame-ancestors 'none'" in lost.headers["content-security-policy"]


async def _sign_in(owner: Visitor) -> Any:
    return await Visitor(owner.app).http.post(
        "/dashboard/sign-in", data={"email": "owner@shop.example", "password": PASSWORD}
    )
