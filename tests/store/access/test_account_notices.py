"""Whom it concerns is told when an account or a key changes, with the change."""

from typing import Any

import pytest

from contracts.access.api_keys import KeyCreate
from contracts.access.callers import COMMAND_LINE, Scope
from contracts.access.users import Invite, LinkKind, Role
from contracts.errors import Conflict
from contracts.notifications.kinds import NotificationKind
from store.access import api_keys, invitations, sessions, sign_in_links, users
from store.db.database import Database
from tests.support.account_notices import notices, token_in
from tests.support.shelf import NOW, Shelf

EMAIL = "priya@chaipoint.example"
HASH = "$argon2id$of-a-password"


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """A store with the partner `shop`."""
    await shelf.add_partner()
    return shelf


async def joined(shelf: Shelf, role: Role = Role.OWNER, email: str = EMAIL) -> str:
    """The id of somebody who has accepted an invitation."""
    user, token = await shelf.invite(email, role, None if role is Role.OPS else "shop")
    await shelf.database.write(sessions.accept_invitation, token, HASH, NOW)
    return user.id


async def mailed(database: Database, **asked: Any) -> str:
    """The id of somebody whose invitation goes by mail."""
    actor = asked.pop("actor", COMMAND_LINE)
    known = {"email": EMAIL, "name": "Priya", "role": Role.OWNER, "partner_id": "shop"}
    invite = Invite.model_validate({**known, **asked})
    user, _ = await database.write(invitations.invite, invite, NOW, actor=actor, by_mail=True)
    return user.id


class TestInvitations:
    async def test_the_link_is_in_the_mail(self, shop: Shelf, database: Database) -> None:
        actor = await joined(shop, email="first@chaipoint.example")
        user_id = await mailed(database, actor=actor)
        [notice] = await notices(database)
        assert (notice.kind, notice.user_id) == (NotificationKind.INVITATION, user_id)
        assert notice.about == {"by": "Priya", "role": "owner", "has_password": False}
        token = await token_in(database, notice)
        link = await database.read(sign_in_links.open_link, token, LinkKind.INVITATION, NOW)
        assert link.user_id == user_id

    async def test_one_that_a_new_one_ends_is_not_mailed_any_more(
        self, shop: Shelf, database: Database
    ) -> None:
        for _ in range(2):
            await mailed(database)
        assert [notice.secret is None for notice in await notices(database)] == [True, False]

    async def test_what_is_not_by_mail_is_not_mailed(self, shop: Shelf, database: Database) -> None:
        await joined(shop)
        assert await notices(database) == []

    async def test_one_that_is_refused_mails_nothing(self, shop: Shelf, database: Database) -> None:
        actor = await joined(shop, email="first@chaipoint.example")
        await joined(shop)
        with pytest.raises(Conflict):
            await mailed(database, actor=actor)
        assert await notices(database) == []

    async def test_to_a_shop_operations_has_no_name(self, shop: Shelf, database: Database) -> None:
        actor = await joined(shop, Role.OPS, "asha@ops.example")
        await mailed(database, actor=actor)
        await mailed(database, role=Role.OPS, partner_id=None, email="b@o.example", actor=actor)
        names = [notice.about["by"] for notice in await notices(database)]
        assert names == [None, "Priya"]


class TestRoles:
    async def test_who_has_another_role_is_told(self, shop: Shelf, database: Database) -> None:
        actor = await joined(shop, email="first@chaipoint.example")
        member = await joined(shop, Role.MEMBER)
        await shop.invite(EMAIL, Role.OWNER, actor=actor)
        [notice] = await notices(database)
        assert (notice.kind, notice.user_id) == (NotificationKind.ROLE_CHANGED, member)
        assert notice.about == {"by": "Priya", "before": "member", "after": "owner"}

    async def test_who_keeps_theirs_or_has_not_joined_is_not(
        self, shop: Shelf, database: Database
    ) -> None:
        await joined(shop, Role.MEMBER)
        await shop.invite(EMAIL, Role.MEMBER)
        await shop.invite("new@chaipoint.example", Role.MEMBER)
        await shop.invite("new@chaipoint.example", Role.OWNER)
        assert await notices(database) == []


class TestPasswords:
    async def test_the_first_one_is_not_told_and_every_other_is(
        self, shop: Shelf, database: Database
    ) -> None:
        user_id = await joined(shop)
        assert await notices(database) == []
        await joined(shop)
        [notice] = await notices(database)
        assert (notice.kind, notice.user_id) == (NotificationKind.PASSWORD_CHANGED, user_id)
        assert notice.about == {"by": "Priya"}


class TestKeys:
    async def test_the_partner_is_told_of_each_made_and_revoked(
        self, shop: Shelf, database: Database
    ) -> None:
        actor = await joined(shop)
        asked = KeyCreate(scope=Scope.PARTNER, label="warehouse", partner_id="shop")
        row, _ = await database.write(api_keys.create_key, asked, NOW, actor=actor)
        for _ in range(2):
            await database.write(api_keys.revoke_key, row.id, NOW, actor="operator")
        key = {"what": "warehouse", "scope": "partner"}
        assert [(notice.partner_id, notice.about) for notice in await notices(database)] == [
            ("shop", {"by": "Priya", "change": "made", **key}),
            ("shop", {"by": None, "change": "revoked", **key}),
        ]

    async def test_of_a_key_of_no_partner_ops_are_told(
        self, shop: Shelf, database: Database
    ) -> None:
        asked = KeyCreate(scope=Scope.OMS, label="oms")
        await database.write(api_keys.create_key, asked, NOW, actor="operator")
        [notice] = await notices(database)
        assert (notice.partner_id, notice.about["scope"]) == (None, "oms")

    async def test_who_is_removed_with_their_keys_has_each_told(
        self, shop: Shelf, database: Database
    ) -> None:
        await joined(shop, email="first@chaipoint.example")
        user_id = await joined(shop)
        for label in ("one", "two"):
            asked = KeyCreate(scope=Scope.PARTNER, label=label, partner_id="shop")
            await database.write(api_keys.create_key, asked, NOW, actor=user_id)
        await database.write(users.remove_user, user_id, NOW, actor="operator", with_keys=True)
        told = [
            (notice.about["what"], notice.about["change"]) for notice in await notices(database)
        ]
        assert sorted(told[2:]) == [("one", "revoked"), ("two", "revoked")]
