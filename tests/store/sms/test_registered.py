"""Texts held against what is registered: a link goes before the text, and what would be blocked is
not saved."""

from typing import Any

import pytest

from contracts.delivery.states import DeadLetterReason
from contracts.errors import Conflict, Invalid
from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.lint import LintFinding, Severity
from contracts.sms.rules import TextRules
from contracts.sms.sender_bodies import DltTemplatePut
from store.sms import templates
from store.sms.claims import ReadySms
from store.sms.senders import put_dlt_template, put_sender
from store.tables import SmsTemplateRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, RULES, WITH_CALLBACKS, Shelf, after, an_event

OUT, CONFIRMED = EventType.OUT_FOR_DELIVERY, EventType.ORDER_CONFIRMED
START = "{#alphanumeric#}: your order {#alphanumeric#} is out for delivery with {#alphanumeric#}."
WITHOUT = f"{START} Delivery OTP: {{#numeric#}}."
WITH = f"{WITHOUT} Track: {{#url#}}"
FAULTY = [
    "http://track.example.com/1",
    "https://j.mp/x1",
    "https://bitly.com/x1",
    "https://wa.me/1",
    "https://track.example.com/\u2b50",
    "https://track.example.com/" + "x" * 120,
]
OURS = "{shop} has your order {order_id}.[ See {track}]"


async def register(shelf: Shelf, *texts: str, kind: EventType = OUT, **sender: Any) -> None:
    """Register the sender of the texts, and these."""
    write = shelf.database.write
    await write(put_sender, "DRSTEP", "1101234567890123456", "DRSTEP", NOW, actor="test", **sender)
    for number, text in enumerate(texts):
        asked = DltTemplatePut(
            category="service_implicit", event_type=kind, language=Language.ENGLISH, text=text
        )
        content = f"110716123456789012{number}"
        await write(put_dlt_template, "DRSTEP", content, asked, NOW, actor="test")


async def sent(shelf: Shelf, link: str | None, **groups: Any) -> str | None:
    """The words of a text with this link; None where it must not leave."""
    order = make_order(tracking_url=link, ordered_at=after(-60).isoformat())
    otp = {
        "code": "483920",
        "valid_from": NOW.isoformat(),
        "valid_until": after(1800).isoformat(),
    }
    text = await shelf.text(
        an_event("out_for_delivery", data=make_groups(order=order, otp=otp, **groups))
    )
    claimed = await text.claim()
    if isinstance(claimed, ReadySms):
        return claimed.body
    assert claimed.dead_letter is DeadLetterReason.REJECTED
    return None


class TestLinks:
    @pytest.mark.parametrize("link", [*FAULTY, None])
    async def test_one_that_may_not_travel_leaves_the_text_without_it(
        self, shelf: Shelf, link: str | None
    ) -> None:
        await register(shelf, WITH, WITHOUT)
        body = await sent(shelf, link)
        assert body is not None
        assert body.endswith("Delivery OTP: 483920.")

    async def test_one_that_may_goes_along(self, shelf: Shelf) -> None:
        await register(shelf, WITHOUT, WITH)
        body = await sent(shelf, "https://track.example.com/1")
        assert body is not None
        assert body.endswith("Track: https://track.example.com/1")

    async def test_where_only_texts_without_links_are_registered(self, shelf: Shelf) -> None:
        await register(shelf, WITHOUT)
        assert await sent(shelf, "https://track.example.com/1") is not None

    async def test_where_no_text_without_one_is_registered_it_waits_for_a_mend(
        self, shelf: Shelf
    ) -> None:
        await register(shelf, WITH)
        assert await sent(shelf, "http://track.example.com/1") is None

    @pytest.mark.parametrize(
        ("link", "goes"),
        [
            ("https://track.example.com/1", True),
            ("https://track.example.com.evil.example/1", False),
            ("https://other.example/1", False),
        ],
    )
    async def test_only_those_that_begin_as_is_whitelisted(
        self, shelf: Shelf, link: str, goes: bool
    ) -> None:
        await register(shelf, WITH, WITHOUT, link_prefixes=["https://track.example.com/"])
        body = await sent(shelf, link)
        assert body is not None
        assert (link in body) is goes


class TestSymbols:
    @pytest.mark.parametrize(
        "said", ["⭐", "™", "₹", "=", "|", "~", "^", "<", "½", "$", "www.", "👩🏽‍🚀"]
    )
    async def test_in_no_value_takes_the_otp_along(self, shelf: Shelf, said: str) -> None:
        await register(shelf, WITHOUT)
        rider = {**make_groups()["rider"], "name": f"Imran {said} Shaikh"}
        body = await sent(shelf, None, rider=rider)
        assert body is not None
        assert "483920" in body


class TestTemplates:
    """What would be blocked is not saved as the one in force."""

    async def put(
        self, shelf: Shelf, text: str, rules: TextRules = RULES
    ) -> tuple[SmsTemplateRow, list[LintFinding]]:
        place = ("shop", CONFIRMED, Language.ENGLISH, text, NOW)
        return await shelf.database.write(templates.put_template, *place, actor="t", rules=rules)

    async def test_one_that_matches_nothing(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb")
        await register(shelf, "Something else", kind=CONFIRMED)
        with pytest.raises(Invalid) as caught:
            await self.put(shelf, OURS)
        assert caught.value.field == "text"
        assert await shelf.count(SmsTemplateRow) == 0

    async def test_one_for_which_nothing_is_registered(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb")
        await register(shelf, WITH)
        with pytest.raises(Invalid):
            await self.put(shelf, OURS)

    @pytest.mark.parametrize(
        ("registered", "warnings"),
        [
            (["{#alphanumeric#} has your order {#alphanumeric#}."], 1),
            (["{#alphanumeric#} has your order {#alphanumeric#}. See {#url#}"], 1),
            (
                [
                    "{#alphanumeric#} has your order {#alphanumeric#}.",
                    "{#alphanumeric#} has your order {#alphanumeric#}. See {#url#}",
                ],
                0,
            ),
        ],
        ids=["without links", "with links", "both"],
    )
    async def test_one_that_matches_in_part_is_saved_with_a_warning(
        self, shelf: Shelf, registered: list[str], warnings: int
    ) -> None:
        await shelf.add_partner(tier="smb", name="Tea\u2122 House")
        await register(shelf, *registered, kind=CONFIRMED)
        _, findings = await self.put(shelf, OURS)
        assert len(findings) == warnings + 1, "one says how the shop's name is written"
        assert {one.severity for one in findings} == {Severity.WARNING}

    async def test_a_link_that_is_not_whitelisted_is_told_of(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb")
        prefixes = ["https://track.example.com/"]
        text = "{#alphanumeric#}: {#alphanumeric#}."
        await register(shelf, text, kind=CONFIRMED, link_prefixes=prefixes)
        _, findings = await self.put(shelf, "{shop}: {order_id}.[ {opt_out}]", WITH_CALLBACKS)
        assert len(findings) == 1

    async def test_nor_is_the_shipped_one_put_back(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="smb")
        await register(shelf, "{#alphanumeric#} has your order {#alphanumeric#}.", kind=CONFIRMED)
        await self.put(shelf, OURS)
        place = ("shop", CONFIRMED, Language.ENGLISH, NOW)
        with pytest.raises(Conflict):
            await shelf.database.write(templates.remove_template, *place, actor="t", rules=RULES)
        assert await shelf.count(SmsTemplateRow) == 1
