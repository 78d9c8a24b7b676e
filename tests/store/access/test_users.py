"""Users, one-time links, sessions and the guard, in the store."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from contracts.access.users import (
    INVITATION_VALID_FOR,
    PORTAL_LINK_VALID_FOR,
    PORTAL_SESSION_LASTS,
    SESSION_IDLE_FOR,
    SESSION_LASTS,
    LinkKind,
    PortalLinkRequest,
    Role,
)
from contracts.errors import Conflict, Invalid, NotFound
from store.access import login_throttle, sessions, sign_in_links, signed_in, users
from store.access.sessions import Begun
from store.db.database import Database
from store.tables import LoginThrottleRow, SessionRow, SignInLinkRow, UserRow
from tests.support.shelf import NOW, Shelf

EMAIL = "priya@chaipoint.example"
HASH = "$argon2id$of-a-password"


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """A store with the partner `shop`."""
    await shelf.add_partner()
    return shelf


async def joined(shelf: Shelf, role: Role = Role.OWNER, email: str = EMAIL) -> Begun:
    """Somebody who has accepted an invitation."""
    _, token = await shelf.invite(email, role)
    begun = await shelf.database.write(sessions.accept_invitation, token, HASH, NOW)
    assert isinstance(begun, Begun)
    return begun


PARTNER_OF = {Role.OPS: None, Role.OWNER: "shop", Role.MEMBER: "shop"}


async def joined_as(shelf: Shelf, role: Role, email: str) -> str:
    """The id of somebody who has a password."""
    user, token = await shelf.invite(email, role, PARTNER_OF[role])
    await shelf.database.write(sessions.accept_invitation, token, HASH, NOW)
    return user.id


class TestInvitations:
    async def test_somebody_is_found_by_their_address_once_they_have_a_password(
        self, shop: Shelf, database: Database
    ) -> None:
        _, token = await shop.invite()
        assert await database.read(users.user_by_email, EMAIL) is None
        await database.write(sessions.accept_invitation, token, HASH, NOW)
        user = await database.read(users.user_by_email, " Priya@ChaiPoint.Example")
        assert user is not None
        assert (user.password_hash, user.joined_at) == (HASH, NOW)

    async def test_what_is_no_address_finds_nobody(self, shop: Shelf, database: Database) -> None:
        assert await database.read(users.user_by_email, "priya\x00") is None

    async def test_the_link_works_until_its_time_is_up(
        self, shop: Shelf, database: Database
    ) -> None:
        _, token = await shop.invite()
        end = NOW + INVITATION_VALID_FOR
        before = end - timedelta(microseconds=1)
        await database.read(sign_in_links.open_link, token, LinkKind.INVITATION, before)
        with pytest.raises(NotFound):
            await database.read(sign_in_links.open_link, token, LinkKind.INVITATION, end)

    @pytest.mark.parametrize("change", ["another signature", "another id", "nothing", "as portal"])
    async def test_nobody_can_make_one(self, shop: Shelf, database: Database, change: str) -> None:
        _, token = await shop.invite()
        _, other = await shop.invite("other@chaipoint.example")
        (link_id, signature), (other_id, _) = token.split("."), other.split(".")
        forged = {
            "another signature": f"{link_id}.{'A' * len(signature)}",
            "another id": f"{other_id}.{signature}",
            "nothing": "",
            "as portal": token,
        }[change]
        kind = LinkKind.PORTAL if change == "as portal" else LinkKind.INVITATION
        with pytest.raises(NotFound):
            await database.read(sign_in_links.open_link, forged, kind, NOW)

    async def test_accepted_again_it_ends_the_sessions_so_far(
        self, shop: Shelf, database: Database
    ) -> None:
        first = await joined(shop)
        second = await joined(shop)
        assert await database.read(sessions.session_of, first.token, NOW) is None
        assert await database.read(sessions.session_of, second.token, NOW) is not None
        assert await shop.count(UserRow) == 1

    @pytest.mark.parametrize(
        ("role", "partner_id"),
        [(Role.OPS, "shop"), (Role.OWNER, None), (Role.MEMBER, "nobody")],
    )
    async def test_a_role_and_a_partner_that_do_not_fit_are_refused(
        self, shop: Shelf, role: Role, partner_id: str | None
    ) -> None:
        with pytest.raises(Invalid):
            await shop.invite(EMAIL, role, partner_id)

    async def test_an_address_is_of_one_partner_only(self, shop: Shelf) -> None:
        await shop.invite()
        await shop.add_partner("other")
        with pytest.raises(Conflict):
            await shop.invite(partner_id="other")
        with pytest.raises(Conflict):
            await shop.invite(role=Role.OPS, partner_id=None)

    async def test_again_with_another_role_it_holds_at_once_for_the_sessions_there_are(
        self, shop: Shelf, database: Database
    ) -> None:
        await joined(shop, email="first@chaipoint.example")
        begun = await joined(shop)
        await shop.invite(role=Role.MEMBER)
        session = await database.read(sessions.session_of, begun.token, NOW)
        assert session is not None
        assert session.role is Role.MEMBER
        assert (await shop.one(UserRow, begun.row.user_id or "")).role is Role.MEMBER

    async def test_the_last_owner_is_made_no_member(self, shop: Shelf) -> None:
        await joined(shop)
        with pytest.raises(Conflict, match="the last owner"):
            await shop.invite(role=Role.MEMBER)


class TestANewPasswordForSomebodyWhoHasOne:
    """The link goes through the hands of whoever invites."""

    @pytest.mark.parametrize(
        ("inviting", "invited"),
        [(Role.OWNER, Role.OWNER), (Role.OPS, Role.OPS)],
    )
    @pytest.mark.parametrize("as_role", [None, Role.MEMBER])
    async def test_none_from_their_equals(
        self, shop: Shelf, inviting: Role, invited: Role, as_role: Role | None
    ) -> None:
        actor = await joined_as(shop, inviting, "first@chaipoint.example")
        theirs = await joined_as(shop, invited, EMAIL)
        asked = (as_role or invited) if invited is not Role.OPS else invited
        with pytest.raises(Conflict, match="doorstep users invite"):
            await shop.invite(EMAIL, asked, PARTNER_OF[invited], actor=actor)
        assert (await shop.one(UserRow, theirs)).role is invited

    @pytest.mark.parametrize(
        ("inviting", "invited"),
        [(Role.OWNER, Role.MEMBER), (Role.OPS, Role.OWNER), (Role.OPS, Role.MEMBER)],
    )
    async def test_one_from_who_may_do_more(
        self, shop: Shelf, inviting: Role, invited: Role
    ) -> None:
        actor = await joined_as(shop, inviting, "first@chaipoint.example")
        await joined_as(shop, invited, EMAIL)
        assert (await shop.invite(EMAIL, invited, PARTNER_OF[invited], actor=actor))[1]

    async def test_one_for_oneself(self, shop: Shelf) -> None:
        myself = await joined_as(shop, Role.OWNER, EMAIL)
        assert (await shop.invite(EMAIL, actor=myself))[1]

    async def test_who_has_none_yet_is_sent_another_link(self, shop: Shelf) -> None:
        actor = await joined_as(shop, Role.OWNER, "first@chaipoint.example")
        await shop.invite(EMAIL, actor=actor)
        assert (await shop.invite(EMAIL, actor=actor))[1]


class TestRemoving:
    async def test_their_address_session_and_links_are_gone(
        self, shop: Shelf, database: Database
    ) -> None:
        await joined(shop, email="first@chaipoint.example")
        begun = await joined(shop)
        user_id = begun.row.user_id or ""
        await shop.invite()
        await database.write(users.remove_user, user_id, NOW, actor="test")
        assert await database.read(sessions.session_of, begun.token, NOW) is None
        user = await shop.one(UserRow, user_id)
        assert (user.email, user.email_index, user.password_hash) == (None, None, None)
        assert [name for _, name in await database.read(users.list_users, "shop")] == [
            "first@chaipoint.example"
        ]
        with pytest.raises(NotFound):
            await database.write(users.remove_user, user_id, NOW, actor="test")

    async def test_the_last_owner_stays_and_a_member_never_is_the_last(
        self, shop: Shelf, database: Database
    ) -> None:
        owner = await joined(shop)
        member = await joined(shop, Role.MEMBER, "member@chaipoint.example")
        await database.write(users.remove_user, member.row.user_id or "", NOW, actor="test")
        with pytest.raises(Conflict, match="the last owner"):
            await database.write(users.remove_user, owner.row.user_id or "", NOW, actor="test")

    async def test_another_partner_s_people_are_not_found(
        self, shop: Shelf, database: Database
    ) -> None:
        owner = await joined(shop)
        with pytest.raises(NotFound):
            await database.write(
                users.remove_user, owner.row.user_id or "", NOW, actor="test", owner="other"
            )


class TestSessions:
    async def test_it_ends_after_so_long_without_use(self, shop: Shelf, database: Database) -> None:
        begun = await joined(shop)
        end = NOW + SESSION_IDLE_FOR
        assert await database.read(sessions.session_of, begun.token, end) is None
        later = end - timedelta(minutes=1)
        assert await database.read(sessions.session_of, begun.token, later) is not None
        await database.write(sessions.note_seen, begun.row.id, later)
        assert await database.read(sessions.session_of, begun.token, end) is not None

    async def test_it_ends_at_the_latest_however_much_it_is_used(
        self, shop: Shelf, database: Database
    ) -> None:
        begun = await joined(shop)
        end = NOW + SESSION_LASTS
        await database.write(sessions.note_seen, begun.row.id, end - timedelta(minutes=1))
        assert await database.read(sessions.session_of, begun.token, end) is None

    async def test_the_cookie_is_not_kept(self, shop: Shelf, database: Database) -> None:
        begun = await joined(shop)
        row = await shop.one(SessionRow, begun.row.id)
        assert begun.token not in repr(row.model_dump())
        assert await database.read(sessions.session_of, row.digest, NOW) is None

    async def test_all_others_of_somebody_end(self, shop: Shelf, database: Database) -> None:
        begun = await joined(shop)
        user_id = begun.row.user_id or ""
        other = await database.write(sessions.begin_for, user_id, NOW)
        assert len(await database.read(signed_in.sessions_of, user_id, NOW)) == 2
        await database.write(sessions.end_others, user_id, begun.row.id)
        assert await database.read(sessions.session_of, other.token, NOW) is None
        assert await database.read(sessions.session_of, begun.token, NOW) is not None

    async def test_what_has_ended_is_forgotten_when_the_next_begins(
        self, shop: Shelf, database: Database
    ) -> None:
        begun = await joined(shop)
        later = NOW + INVITATION_VALID_FOR
        await database.write(sessions.begin_for, begun.row.user_id or "", later)
        assert await shop.count(SessionRow) == 1
        assert await shop.count(SignInLinkRow) == 0


class TestThePortal:
    async def test_a_link_begins_a_session_without_a_user(
        self, shop: Shelf, database: Database
    ) -> None:
        asked = PortalLinkRequest(name="portal user 4711")
        token, expires_at = await database.write(
            sign_in_links.portal_link, "shop", asked, NOW, actor="key_1"
        )
        assert expires_at == NOW + PORTAL_LINK_VALID_FOR
        begun = await database.write(sessions.enter_from_portal, token, NOW)
        assert (begun.row.user_id, begun.row.partner_id) == (None, "shop")
        assert (begun.row.role, begun.row.name) == (Role.MEMBER, "portal user 4711")
        assert begun.row.expires_at == NOW + PORTAL_SESSION_LASTS
        with pytest.raises(NotFound):
            await database.write(sessions.enter_from_portal, token, NOW)

    async def test_without_the_partner_there_is_none(self, shop: Shelf, database: Database) -> None:
        with pytest.raises(NotFound):
            await database.write(
                sign_in_links.portal_link, "nobody", PortalLinkRequest(name="x"), NOW, actor="key_1"
            )


class TestTheGuard:
    async def test_after_five_wrong_ones_an_address_waits(
        self, shop: Shelf, database: Database
    ) -> None:
        for _ in range(login_throttle.MOST_OF_ADDRESS):
            assert not await database.read(login_throttle.is_locked, EMAIL, "1.2.3.4", NOW)
            await database.write(login_throttle.note_failure, EMAIL.upper(), "1.2.3.4", NOW)
        assert await database.read(login_throttle.is_locked, EMAIL, "5.6.7.8", NOW)
        assert not await database.read(login_throttle.is_locked, "a@b.example", "1.2.3.4", NOW)
        free = NOW + login_throttle.LOCKED_FOR
        assert not await database.read(login_throttle.is_locked, EMAIL, "1.2.3.4", free)

    async def test_a_client_that_tries_many_addresses_waits(
        self, shop: Shelf, database: Database
    ) -> None:
        for number in range(login_throttle.MOST_OF_CLIENT):
            await database.write(login_throttle.note_failure, f"{number}@b.example", "1.2.3.4", NOW)
        assert await database.read(login_throttle.is_locked, EMAIL, "1.2.3.4", NOW)
        assert not await database.read(login_throttle.is_locked, EMAIL, "5.6.7.8", NOW)

    async def test_a_right_one_forgives_the_address_alone(
        self, shop: Shelf, database: Database
    ) -> None:
        for _ in range(login_throttle.MOST_OF_ADDRESS - 1):
            await database.write(login_throttle.note_failure, EMAIL, "1.2.3.4", NOW)
        await database.write(login_throttle.forgive, EMAIL)
        await database.write(login_throttle.note_failure, EMAIL, "1.2.3.4", NOW)
        assert not await database.read(login_throttle.is_locked, EMAIL, "1.2.3.4", NOW)
        counts = {row.failures for row in await database.read(_guards)}
        assert counts == {1, login_throttle.MOST_OF_ADDRESS}

    async def test_neither_address_nor_client_is_in_clear(
        self, shop: Shelf, database: Database
    ) -> None:
        await database.write(login_throttle.note_failure, EMAIL, "1.2.3.4", NOW)
        kept = repr([row.model_dump() for row in await database.read(_guards)])
        assert EMAIL not in kept
        assert "1.2.3.4" not in kept


def _guards(session: Session) -> list[LoginThrottleRow]:
    return list(session.exec(select(LoginThrottleRow)))
