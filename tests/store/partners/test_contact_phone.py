"""The owner's phone: another one is not confirmed, and the owners are told of it."""

from typing import Any

import pytest

from contracts.access.audit import AuditAction
from contracts.errors import Invalid
from contracts.notifications.kinds import NotificationKind
from contracts.partners import PartnerChange
from store.partners.partners import change_partner
from store.tables import AuditEntryRow, PartnerRow
from tests.support.account_notices import notices
from tests.support.shelf import NOW, Shelf, after

PHONE, OTHER = "+919812345678", "+919898989898"


async def change(shelf: Shelf, **asked: Any) -> PartnerRow:
    """Change the partner `shop`, a minute later."""
    wanted = PartnerChange.model_validate(asked)
    return await shelf.database.write(change_partner, "shop", wanted, after(60), actor="operator")


async def told(shelf: Shelf) -> list[dict[str, Any]]:
    """What the owners are told of their phone."""
    kind = NotificationKind.CONTACT_PHONE_CHANGED
    return [notice.about for notice in await notices(shelf.database, kind)]


class TestANewPhone:
    async def test_nobody_has_confirmed_it(self, shelf: Shelf) -> None:
        assert (await shelf.add_partner(contact_phone=PHONE)).contact_phone_confirmed_at is None
        await change(shelf, contact_phone_confirmed=True)
        changed = await change(shelf, contact_phone=OTHER)
        assert changed.contact_phone_confirmed_at is None
        assert await told(shelf) == [{"by": None, "change": "changed", "confirmed": False}]

    async def test_operations_may_say_that_it_is(self, shelf: Shelf) -> None:
        made = await shelf.add_partner(contact_phone=PHONE, contact_phone_confirmed=True)
        assert made.contact_phone_confirmed_at == NOW
        changed = await change(shelf, contact_phone=OTHER, contact_phone_confirmed=True)
        assert changed.contact_phone_confirmed_at == after(60)
        assert await told(shelf) == [{"by": None, "change": "changed", "confirmed": True}]

    async def test_the_same_one_stays_as_it_is(self, shelf: Shelf) -> None:
        await shelf.add_partner(contact_phone=PHONE, contact_phone_confirmed=True)
        changed = await change(shelf, contact_phone=PHONE, contact_phone_confirmed=True)
        assert changed.contact_phone_confirmed_at == NOW
        assert await told(shelf) == []
        changed = await change(shelf, contact_phone_confirmed=False)
        assert changed.contact_phone_confirmed_at is None
        assert await told(shelf) == []

    async def test_one_that_is_taken_away_is_told(self, shelf: Shelf) -> None:
        await shelf.add_partner(contact_phone=PHONE, contact_phone_confirmed=True)
        changed = await change(shelf, contact_phone=None)
        assert (changed.contact_phone, changed.contact_phone_confirmed_at) == (None, None)
        assert await told(shelf) == [{"by": None, "change": "removed", "confirmed": False}]

    async def test_the_audit_log_has_no_number(self, shelf: Shelf) -> None:
        await shelf.add_partner(contact_phone=PHONE)
        await change(shelf, contact_phone=OTHER, contact_phone_confirmed=True, name="Chai")
        rows = await shelf.all_rows(AuditEntryRow)
        [details] = [row.details for row in rows if row.action is AuditAction.PARTNER_CHANGED]
        assert details == {
            "name": ["Chai Point", "Chai"],
            "contact_phone": ["***", "***"],
            "contact_phone_confirmed": [False, True],
        }


class TestNothingToConfirm:
    @pytest.mark.parametrize("phone", [{}, {"contact_phone": None}])
    async def test_none_is_confirmed(self, shelf: Shelf, phone: dict[str, Any]) -> None:
        await shelf.add_partner(contact_phone=PHONE if phone else None)
        with pytest.raises(Invalid) as refused:
            await change(shelf, contact_phone_confirmed=True, **phone)
        assert refused.value.field == "contact_phone_confirmed"

    async def test_nor_with_a_new_partner(self, shelf: Shelf) -> None:
        with pytest.raises(Invalid):
            await shelf.add_partner(contact_phone_confirmed=True)
        assert await shelf.count(PartnerRow) == 0
