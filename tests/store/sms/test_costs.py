"""What texts cost in each language: as the preview of each says, links included."""

from dataclasses import replace

from api.routes.sms_preview import preview
from contracts.payload.events import EventType
from contracts.sms.bodies import SmsPreviewRequest
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from store.sms.costs import costs_of
from store.sms.templates import put_template
from store.tables import PartnerRow
from tests.support.shelf import NOW, WITH_CALLBACKS, Shelf


async def difference(shelf: Shelf, rules: TextRules) -> list[tuple[Language, EventType]]:
    """The texts of `shop` whose cost is not what their preview says."""
    shop = await shelf.one(PartnerRow, "shop")
    costs = await shelf.database.read(costs_of, shop, rules)
    differ = []
    for language in Language:
        for kind in EventType:
            asked = SmsPreviewRequest(partner_id="shop", event_type=kind, language=language)
            shown = await shelf.database.read(preview, asked, "shop", rules)
            if costs[language][kind].count != shown.parts:
                differ.append((language, kind))
    return differ


async def test_they_are_what_the_previews_say(shelf: Shelf) -> None:
    await shelf.add_partner(tier="smb")
    for rules in (WITH_CALLBACKS, replace(WITH_CALLBACKS, public_url=None)):
        assert await difference(shelf, rules) == []
    text = "{shop}: {order_id} is yours" + " and yours alone" * 8
    place = ("shop", EventType.DELIVERED, Language.HINDI, text, NOW)
    await shelf.database.write(put_template, *place, actor="test", rules=WITH_CALLBACKS)
    assert await difference(shelf, WITH_CALLBACKS) == []


async def test_a_text_never_shows_both_links_to_one_page(shelf: Shelf) -> None:
    await shelf.add_partner(tier="smb")
    kind = EventType.DELIVERY_FAILED
    asked = SmsPreviewRequest(partner_id="shop", event_type=kind, language=Language.HINDI)
    shown = await shelf.database.read(preview, asked, "shop", WITH_CALLBACKS)
    assert shown.text.count("/t/") == 1
