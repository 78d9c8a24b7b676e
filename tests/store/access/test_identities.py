"""Whom the identity provider's word lets in, and which account is theirs."""

import asyncio

import pytest
from sqlmodel import Session, select

from contracts.access.callers import COMMAND_LINE
from contracts.access.identity_provider import Identity, IdentityRefusal, IdentityRules
from contracts.access.users import Invite, LinkKind, Role
from contracts.errors import Conflict, NotFound
from store.access import invitations, users
from store.access.identities import enter
from store.access.identity_requests import begin_request, take_request
from store.access.sessions import Begun, accept_invitation
from store.access.sign_in_links import open_link
from store.tables import AuditEntryRow, SessionRow, UserRow
from tests.support.account_notices import notices
from tests.support.locks import somebody_waits, under_way
from tests.support.shelf import NOW, Shelf

EMAIL = "asha@ops.example"
ISSUER = "https://sso.example"
BY_CLAIM = IdentityRules(ops_value="doorstep-ops")
INVITED = IdentityRules()
EVERYONE = IdentityRules(for_partners=True)
EVERYONE_BY_CLAIM = IdentityRules(ops_value="doorstep-ops", for_partners=True)


def identity(
    subject: str = "4711", email: str | None = EMAIL, *, is_ops: bool = True, issuer: str = ISSUER
) -> Identity:
    """Somebody at the provider."""
    return Identity(issuer, subject, email, "Asha", is_ops=is_ops)


async def entered(shelf: Shelf, who: Identity, rules: IdentityRules = BY_CLAIM) -> str:
    """Whose session began."""
    begun = await shelf.database.write(enter, who, rules, NOW)
    assert isinstance(begun, Begun), begun
    assert begun.row.user_id is not None
    return begun.row.user_id


async def refused(shelf: Shelf, who: Identity, rules: IdentityRules = BY_CLAIM) -> object:
    """Why none began."""
    return await shelf.database.write(enter, who, rules, NOW)


async def invited(shelf: Shelf, role: Role = Role.OPS, email: str = EMAIL) -> tuple[str, str]:
    """Somebody who has an invitation; gives who, and its token."""
    user, token = await shelf.invite(email, role, None if role is Role.OPS else "shop")
    return user.id, token


async def actions(shelf: Shelf) -> list[str]:
    """What the audit log has, the oldest first."""
    return [entry.action for entry in sorted(await shelf.all_rows(AuditEntryRow), key=_id)]


def _id(entry: AuditEntryRow) -> str:
    return entry.id


class TestTheAccount:
    async def test_is_made_for_whom_the_provider_says_is_of_ops(self, shelf: Shelf) -> None:
        user = await shelf.one(UserRow, await entered(shelf, identity()))
        assert (user.role, user.name, user.password_hash) == (Role.OPS, "Asha", None)
        assert user.joined_at == user.last_signed_in_at == NOW
        assert await actions(shelf) == ["user.provisioned", "user.linked"]

    async def test_is_one_of_whoever_comes_twice_at_once(self, shelf: Shelf) -> None:
        async with under_way(shelf, lambda session: enter(session, identity(), BY_CLAIM, NOW)):
            entering = asyncio.create_task(entered(shelf, identity()))
            await somebody_waits(shelf)
        [user] = await shelf.all_rows(UserRow)
        assert await entering == user.id
        assert await shelf.count(SessionRow) == 2

    async def test_is_not_of_two_who_come_at_once(self, shelf: Shelf) -> None:
        async with under_way(shelf, lambda session: enter(session, identity(), BY_CLAIM, NOW)):
            entering = asyncio.create_task(refused(shelf, identity("1")))
            await somebody_waits(shelf)
        assert await entering is IdentityRefusal.ANOTHER_IDENTITY

    async def test_is_not_made_without_a_claim_to_look_for(self, shelf: Shelf) -> None:
        for rules in (INVITED, EVERYONE):
            why = await refused(shelf, identity(is_ops=False), rules)
            assert why is IdentityRefusal.NO_ACCOUNT
        assert await shelf.count(UserRow) == 0

    async def test_is_found_by_the_address_once_and_then_by_the_identity(
        self, shelf: Shelf
    ) -> None:
        user_id, _ = await invited(shelf)
        assert await entered(shelf, identity(), INVITED) == user_id
        assert await entered(shelf, identity(email="new@ops.example"), INVITED) == user_id
        assert await entered(shelf, identity(email=None), INVITED) == user_id

    @pytest.mark.parametrize(
        "other", [identity("1"), identity(issuer="https://other.example")], ids=["who", "where"]
    )
    async def test_does_not_go_to_the_next_one_of_that_address(
        self, shelf: Shelf, other: Identity
    ) -> None:
        await entered(shelf, identity())
        assert await refused(shelf, other) is IdentityRefusal.ANOTHER_IDENTITY
        assert (await actions(shelf))[-1] == "user.identity_refused"

    async def test_goes_to_them_once_they_are_invited_again(self, shelf: Shelf) -> None:
        user_id = await entered(shelf, identity())
        assert (await invited(shelf))[0] == user_id
        assert await entered(shelf, identity("1")) == user_id
        assert await refused(shelf, identity()) is IdentityRefusal.ANOTHER_IDENTITY

    async def test_needs_an_address_that_is_verified(self, shelf: Shelf) -> None:
        assert await refused(shelf, identity(email=None)) is IdentityRefusal.NO_EMAIL

    async def test_of_somebody_who_was_removed_is_not_made_again(self, shelf: Shelf) -> None:
        await entered(shelf, identity("1", "other@ops.example"))
        user_id = await entered(shelf, identity())
        await shelf.database.write(users.remove_user, user_id, NOW, actor="test")
        assert await refused(shelf, identity()) is IdentityRefusal.REMOVED
        new_id, _ = await invited(shelf)
        assert await entered(shelf, identity()) == new_id != user_id

    async def test_nor_is_one_of_whom_the_provider_was_not_known(self, shelf: Shelf) -> None:
        await entered(shelf, identity("1", "other@ops.example"))
        user_id, token = await invited(shelf)
        await shelf.database.write(accept_invitation, token, "a hash", NOW)
        await shelf.database.write(users.remove_user, user_id, NOW, actor="test")
        assert await refused(shelf, identity()) is IdentityRefusal.REMOVED
        kept = (await shelf.one(UserRow, user_id)).removed_email_index
        assert kept is not None
        assert "asha" not in kept
        new_id, _ = await invited(shelf)
        assert await entered(shelf, identity()) == new_id != user_id
        await shelf.database.write(users.remove_user, new_id, NOW, actor="test")
        assert await refused(shelf, identity("2")) is IdentityRefusal.REMOVED

    async def test_nor_of_one_who_is_removed_at_that_moment(self, shelf: Shelf) -> None:
        await entered(shelf, identity("1", "other@ops.example"))
        user_id, _ = await invited(shelf)

        def remove(session: Session) -> None:
            users.remove_user(session, user_id, NOW, actor="test")

        async with under_way(shelf, remove):
            entering = asyncio.create_task(refused(shelf, identity()))
            await somebody_waits(shelf)
        assert await entering is IdentityRefusal.REMOVED

    async def test_of_a_shop_s_person_who_was_removed_it_is(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        user_id, _ = await invited(shelf, Role.MEMBER)
        await shelf.database.write(users.remove_user, user_id, NOW, actor="test")
        assert (await shelf.one(UserRow, user_id)).removed_email_index is None
        assert await entered(shelf, identity()) != user_id


class TestAnAddressThatAShopHasInvited:
    @pytest.mark.parametrize("rules", [BY_CLAIM, EVERYONE_BY_CLAIM])
    async def test_is_free_for_whoever_comes_to_ops(
        self, shelf: Shelf, rules: IdentityRules
    ) -> None:
        await shelf.add_partner()
        squatting, token = await invited(shelf, Role.OWNER)
        user = await shelf.one(UserRow, await entered(shelf, identity(), rules))
        assert (user.id != squatting, user.role) == (True, Role.OPS)
        assert (await shelf.one(UserRow, squatting)).removed_at == NOW
        assert (await actions(shelf))[-3:] == ["user.removed", "user.provisioned", "user.linked"]
        with pytest.raises(NotFound):
            await shelf.database.write(accept_invitation, token, "a hash", NOW)

    @pytest.mark.parametrize("rules", [BY_CLAIM, EVERYONE_BY_CLAIM])
    async def test_is_not_once_somebody_has_joined(
        self, shelf: Shelf, rules: IdentityRules
    ) -> None:
        await shelf.add_partner()
        user_id, token = await invited(shelf, Role.OWNER)
        await shelf.database.write(accept_invitation, token, "a hash", NOW)
        assert await refused(shelf, identity(), rules) is IdentityRefusal.OF_PARTNER
        user = await shelf.one(UserRow, user_id)
        assert (user.removed_at, user.identity_index) == (None, None)

    async def test_lets_nobody_back_who_was_removed_from_ops(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await entered(shelf, identity("1", "other@ops.example"))
        user_id, _ = await invited(shelf)
        await shelf.database.write(users.remove_user, user_id, NOW, actor="test")
        await invited(shelf, Role.MEMBER)
        assert await refused(shelf, identity()) is IdentityRefusal.REMOVED


class TestInvitations:
    async def test_one_that_is_out_ends_with_the_first_sign_in(self, shelf: Shelf) -> None:
        _, token = await invited(shelf)
        await entered(shelf, identity(), INVITED)
        with pytest.raises(NotFound):
            await shelf.database.read(open_link, token, LinkKind.INVITATION, NOW)

    async def test_and_is_not_mailed_any_more(self, shelf: Shelf) -> None:
        asked = Invite(email=EMAIL, name="Asha", role=Role.OPS)
        invite = invitations.invite
        await shelf.database.write(invite, asked, NOW, actor=COMMAND_LINE, by_mail=True)
        assert [notice.secret is None for notice in await notices(shelf.database)] == [False]
        await entered(shelf, identity(), INVITED)
        assert [notice.secret for notice in await notices(shelf.database)] == [None]

    async def test_nobody_gets_a_link_to_the_account_of_their_equal(self, shelf: Shelf) -> None:
        mine = await entered(shelf, identity())
        await entered(shelf, identity("1", "other@ops.example"))
        asked = Invite(email="other@ops.example", name="Other", role=Role.OPS)
        with pytest.raises(Conflict, match="signs in already"):
            await shelf.database.write(invitations.invite, asked, NOW, actor=mine)


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
    async def test_partners_people_where_it_is_for_everyone(self, shelf: Shelf, role: Role) -> None:
        await shelf.add_partner()
        user_id, _ = await invited(shelf, role)
        assert await refused(shelf, identity(is_ops=False)) is IdentityRefusal.PASSWORD_ONLY
        assert await entered(shelf, identity(is_ops=False), EVERYONE) == user_id
        assert (await shelf.one(UserRow, user_id)).role is role
        assert await entered(shelf, identity(), EVERYONE) == user_id, "whatever the claim says"

    async def test_ops_who_are_so_at_the_provider_where_a_claim_is_set(self, shelf: Shelf) -> None:
        await entered(shelf, identity())
        assert await refused(shelf, identity(is_ops=False)) is IdentityRefusal.NOT_OPS

    async def test_invited_ops_are_not_linked_before_the_claim_says_so(self, shelf: Shelf) -> None:
        user_id, _ = await invited(shelf)
        assert await refused(shelf, identity(is_ops=False)) is IdentityRefusal.NOT_OPS
        assert (await shelf.one(UserRow, user_id)).identity_index is None

    async def test_ops_who_have_passwords_only_do_not(self, shelf: Shelf) -> None:
        rules = IdentityRules(ops_value="doorstep-ops", for_ops=False, for_partners=True)
        assert await refused(shelf, identity(), rules) is IdentityRefusal.NO_ACCOUNT
        await invited(shelf)
        assert await refused(shelf, identity(), rules) is IdentityRefusal.PASSWORD_ONLY

    async def test_somebody_with_a_password_keeps_it(self, shelf: Shelf) -> None:
        user_id, token = await invited(shelf)
        await shelf.database.write(accept_invitation, token, "a hash", NOW)
        assert await entered(shelf, identity(), INVITED) == user_id
        assert (await shelf.one(UserRow, user_id)).password_hash == "a hash"

    async def test_the_identity_is_kept_as_a_keyed_digest(self, shelf: Shelf) -> None:
        user = await shelf.one(UserRow, await entered(shelf, identity("asha.rao")))
        assert user.identity_index is not None
        assert "asha" not in user.identity_index
        query = select(UserRow).where(UserRow.identity_index == user.identity_index)
        assert await shelf.database.read(lambda session: len(session.exec(query).all())) == 1


async def test_a_sign_in_is_answered_once(shelf: Shelf) -> None:
    await shelf.database.write(begin_request, "digest", NOW)
    assert not await shelf.database.write(take_request, "another", NOW)
    assert await shelf.database.write(take_request, "digest", NOW)
    assert not await shelf.database.write(take_request, "digest", NOW)
