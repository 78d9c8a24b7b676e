"""An authenticator app, and somebody who uses it at the dashboard."""

import html
import re
from dataclasses import replace
from datetime import timedelta

from fastapi import FastAPI

from api.auth.sign_in import SignIn
from api.dependencies import Parts
from contracts.access.second_factor import SecondFactorRule
from contracts.clock import utc_now
from store.access.totp import code_at
from tests.support.clock import Hands
from tests.support.parts import CHEAP
from tests.support.visitor import PASSWORD, Page, Visitor

STEP = timedelta(seconds=30)


class Phone:
    """What the app knows of the picture that it was shown, by the clock of the dashboard."""

    def __init__(self, hands: Hands, secret: str = "") -> None:
        self.hands, self.secret = hands, secret

    def scan(self, page: Page) -> "Phone":
        """Take the secret of a page: typed by hand, as it stands below the picture."""
        [typed] = re.findall(r'<code id="secret">([A-Z2-7 ]+)</code>', page.html)
        return Phone(self.hands, typed.replace(" ", ""))

    def code(self, *, off: timedelta = timedelta()) -> str:
        """What it shows, with a clock that is off by so much."""
        return code_at(self.secret, self.hands.at + off)

    def next_code(self) -> str:
        """What it shows after a while: another code than all before."""
        self.hands.turn(STEP)
        return self.code()


def stop_the_clock(app: FastAPI, rule: SecondFactorRule = SecondFactorRule.OPTIONAL) -> Hands:
    """Let the dashboard go by a clock that a test turns, and by this rule."""
    parts: Parts = app.state.parts
    hands = Hands(utc_now())
    sign_in = SignIn(parts.database, CHEAP, second_factor=rule)
    app.state.parts = replace(parts, clock=hands, sign_in=sign_in)
    return hands


def sealed_in(page: Page) -> str:
    """The secret that waits in a form."""
    [value] = re.findall(r'name="sealed" value="([^"]+)"', page.html)
    return html.unescape(value)


def codes_on(page: Page) -> list[str]:
    """The recovery codes that a page shows."""
    [shown] = re.findall(r'<pre id="codes"[^>]*>([^<]+)</pre>', page.html)
    return str(shown).split()


async def signed_in(visitor: Visitor, email: str = "owner@shop.example") -> Page:
    """Send the form of the sign-in with the right password."""
    return await visitor.post("/sign-in", {"email": email, "password": PASSWORD}, csrf="")


async def enrolled(visitor: Visitor, hands: Hands) -> tuple[Phone, list[str]]:
    """Set up the second factor of somebody who is signed in; gives the phone and their codes."""
    asked = await visitor.get("/account/second-factor")
    phone = Phone(hands).scan(asked)
    fields = {"sealed": sealed_in(asked), "password": PASSWORD, "code": phone.code()}
    done = await visitor.post("/account/second-factor/new", fields)
    assert done.status == 200, done.text
    return phone, codes_on(done)
