"""Limits and invariants of keys, roles, visits and invitations, whichever way somebody comes."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from contracts.access.api_keys import KeyCreate
from contracts.access.audit import AuditAction
from contracts.access.callers import Scope
from contracts.access.users import Invite, LinkKind, PortalLinkRequest, Role
from contracts.errors import Conflict, Invalid, LimitReached, NotFound
from store.access import api_keys, invitations, sessions, sign_in_links, signed_in, users
from store.access.audit import AuditFilter, list_entries
from store.db.database import Database
from store.tables import AuditEntryRow, SessionRow, SignInLinkRow, UserRow
from tests.support.shelf import NOW, Shelf, after

KEY = KeyCreate(scope=Scope.PARTNER, label="x", partner_id="shop")


class TestKeys:
    async def test_a_partner_has_so_many_in_force(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        make: Callable[..., Any] = api_keys.create_key
        made = [await database.write(make, KEY, NOW, actor="t") for _ in range(api_keys.MOST_KEYS)]
        with pytest.raises(Conflict, match="revoke"):
            await database.write(make, KEY, NOW, actor="t")
        await database.write(api_keys.revoke_key, made[0][0].id, NOW, actor="t")
        await database.write(make, KEY, NOW, actor="t")


class TestRoles:
    async def test_no_portal_link_is_for_ops(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        of_ops: Any = Role.OPS
        asked = PortalLinkRequest.model_construct(name="portal user", role=of_ops)
        with pytest.raises(Invalid) as refused:
            await database.write(sign_in_links.portal_link, "shop", asked, NOW, actor="key_1")
        assert refused.value.field == "role"

    @pytest.mark.parametrize("kind", [UserRow, SignInLinkRow, SessionRow])
    async def test_the_database_keeps_ops_without_a_partner(
        self, shelf: Shelf, database: Database, kind: type[SQLModel]
    ) -> None:
        await shelf.add_partner()
        user, _ = await shelf.invite()
        await database.write(sessions.begin_for, user.id, NOW)
        row = await database.read(lambda session: session.exec(select(kind)).first())
        assert row is not None
        key = row.model_dump()["id"]
        for change_of in ({"role": Role.OPS}, {"partner_id": None}):
            with pytest.raises(IntegrityError):
                await shelf.change(kind, key, **change_of)


class TestPortalVisits:
    async def test_they_make_nothing_that_outlives_them(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        visit = await enter(database, Role.OWNER)
        with pytest.raises(Conflict):
            await database.write(api_keys.create_key, KEY, NOW, actor=visit.id, owner="shop")
        asked = Invite(email="a@b.example", name="A", role=Role.OWNER, partner_id="shop")
        with pytest.raises(Conflict):
            await database.write(invitations.invite, asked, NOW, actor=visit.id, owner="shop")

    async def test_they_are_seen_and_ended(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        visit = await enter(database, Role.MEMBER)
        [seen] = await database.read(signed_in.sessions_at, "shop", NOW)
        assert seen.id == visit.id
        end = signed_in.end_session_at
        with pytest.raises(NotFound):
            await database.write(end, visit.id, NOW, actor="usr_1", partner_id="other")
        await database.write(end, visit.id, NOW, actor="usr_1", partner_id="shop")
        assert await database.read(signed_in.sessions_at, "shop", NOW) == []
        assert len(await entries(database, visit.id, AuditAction.PORTAL_SESSION_ENDED)) == 1


class TestPeopleWhoLeave:
    async def test_their_keys_go_with_them_where_that_is_asked(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.invite("stays@shop.example")
        leaver, _ = await shelf.invite("leaves@shop.example")
        row, token = await database.write(api_keys.create_key, KEY, NOW, actor=leaver.id)
        revoked = await database.write(
            users.remove_user, leaver.id, NOW, actor="usr_1", with_keys=True
        )
        assert revoked == [row.id]
        assert await database.read(api_keys.known_key, token, NOW) is None


class TestInvitationsThatAreRefused:
    async def test_after_a_few_nobody_is_invited_for_a_while(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.add_partner("other")
        await shelf.invite("theirs@other.example", partner_id="other")
        for _ in range(5):
            with pytest.raises(invitations.AddressTaken):
                await shelf.invite("theirs@other.example")
            await database.write(invitations.note_refusal, "shop", NOW, actor="usr_1")
        for address in ("theirs@other.example", "free@shop.example"):
            with pytest.raises(LimitReached):
                await shelf.invite(address)
        await shelf.invite("free@shop.example", now=after(3601))
        refused = await entries(database, "shop", AuditAction.INVITATION_REFUSED)
        assert len(refused) == 5
        assert "theirs" not in str([one.details for one in refused])


async def enter(database: Database, role: Any) -> SessionRow:
    """Somebody who comes from the portal."""
    asked = PortalLinkRequest(name="portal user 4711", role=role)
    token, _ = await database.write(sign_in_links.portal_link, "shop", asked, NOW, actor="key_1")
    assert await database.read(sign_in_links.open_link, token, LinkKind.PORTAL, NOW) is not None
    return (await database.write(sessions.enter_from_portal, token, NOW)).row


async def entries(database: Database, object_id: str, action: AuditAction) -> list[AuditEntryRow]:
    wanted = AuditFilter(object_id=object_id)
    found = await database.read(list_entries, wanted, after=None, limit=50)
    return [one for one in found if one.action is action]
