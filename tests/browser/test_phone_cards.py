"""In a real Chromium as wide as a phone: lists are read without moving anything sideways."""

import pytest

from contracts.access.users import Role
from tests.browser.seat import PHONE_WIDTH, Seat

pytestmark = pytest.mark.extended

OF_A_PARTNER = ("/texts", "/people", "/keys", "/texts/opt-outs", "/texts/out_for_delivery/en")
OF_OPS = ("/ops/people", "/ops/platform", "/ops/held", "/ops/senders", "/ops/act?ids=shop")
MOVES_SIDEWAYS = """() => [...document.querySelectorAll("main .scroll")]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)"""


@pytest.mark.parametrize(("role", "partner_id"), [(Role.OWNER, "shop"), (Role.OPS, None)])
async def test_no_list_moves_sideways(window: Seat, role: Role, partner_id: str | None) -> None:
    await window.sign_in_as(role, partner_id)
    await window.page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
    pages = [f"/p/{partner_id}{one}" for one in OF_A_PARTNER] if partner_id else OF_OPS
    moved = {}
    for place in pages:
        page = await window.open(place)
        if sideways := await page.evaluate(MOVES_SIDEWAYS):
            moved[place] = sideways
    assert moved == {}
