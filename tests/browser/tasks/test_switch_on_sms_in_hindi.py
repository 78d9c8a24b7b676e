"""The owner of a new shop reads what customers get, in Hindi, and switches SMS on.

Before, 5 clicks (the menu, "Text my customers", the language and its option, "Save") without a
word of Hindi on the screen; to see it, 2 more. Now 3: the menu, Hindi, "Turn on SMS updates", with
each SMS in Hindi, what it costs and who it is from before the last one.
"""

import re

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from contracts.payload.events import EventType
from tests.browser.seat import Seat

pytestmark = pytest.mark.extended

CLICKS = 3


async def test_the_owner_sees_hindi_and_says_yes(window: Seat) -> None:
    known = {"name": "Asha Sarees", "sms_enabled": None, "sms_sender": "DRSTEP"}
    await window.stack.add_partner("sarees", "smb", **known)
    await window.sign_in_as(Role.OWNER, "sarees")
    page = await window.open("/p/sarees")
    clicks = 0

    await page.get_by_role("navigation").get_by_role("link", name="Customer SMS").first.click()
    clicks += 1
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Waiting for your yes")

    language = page.get_by_label("Language", exact=True)
    await expect(language).to_contain_text(re.compile(r"Hindi: \d to \d SMS per message"))
    await language.select_option("hi")
    clicks += 1
    await expect(page.locator(".bubble[lang=hi]")).to_have_count(len(EventType))
    step = page.locator("#turn-on-step")
    await expect(step).to_contain_text("Sender ID: DRSTEP")
    await expect(step).to_contain_text("Hindi letters: 70 per SMS")

    await page.get_by_role("button", name="Turn on SMS updates").click()
    clicks += 1
    await expect(page.get_by_role("status")).to_contain_text("SMS updates are on.")
    partner = (await window.stack.api.get("/v1/partners/sarees")).json()
    assert (partner["sms_enabled"], partner["sms_language"]) == (True, "hi")
    assert clicks == CLICKS
