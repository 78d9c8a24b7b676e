"""A lost password: who asks learns nothing, whoever has the address is mailed a link, once."""

import asyncio
from datetime import datetime
from functools import partial

import pytest
from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.access.users import RESET_VALID_FOR, LinkKind, Role
from contracts.errors import LimitReached
from contracts.notifications.kinds import NotificationKind
from store.access import login_throttle, password_resets, sessions, sign_in_links, users
from store.access.audit import AuditFilter, list_entries
from store.access.sign_in_links import LinkEnded
from store.db.database import Database
from store.tables import PasswordResetRequestRow, UserRow
from tests.support.account_notices import notices, token_in
from tests.support.query_plans import statements_of
from tests.support.shelf import NOW, Shelf

EMAIL, OPS_EMAIL = "priya@chaipoint.example", "asha@ops.example"
CLIENT = "203.0.113.7"
HASH, ANOTHER = "$argon2id$of-a-password", "$argon2id$of-another"


@pytest.fixture
async def owner(shelf: Shelf) -> UserRow:
    """An owner of the partner `shop`."""
    await shelf.add_partner()
    user, token = await shelf.invite(EMAIL)
    await shelf.database.write(sessions.accept_invitation, token, HASH, NOW)
    return user


async def ask(
    database: Database, email: str = EMAIL, client: str = CLIENT, *, for_ops: bool = True
) -> None:
    await database.write(password_resets.ask_for_reset, email, client, NOW, for_ops=for_ops)


async def mail_links(database: Database, now: datetime = NOW) -> int:
    return await database.write(password_resets.mail_reset_links, now, limit=100)


async def mailed(database: Database) -> str:
    """The token of a link that was asked for."""
    await ask(database)
    await mail_links(database)
    return await token_in(database, (await notices(database))[-1])


class TestAsking:
    @pytest.mark.parametrize("email", [EMAIL, " Priya@ChaiPoint.Example ", "no@body.example", ""])
    async def test_it_writes_one_row_whoever_has_the_address(
        self, owner: UserRow, shelf: Shelf, database: Database, email: str
    ) -> None:
        for _ in range(2):
            await ask(database, email)
        assert await shelf.count(PasswordResetRequestRow) == 1
        assert await notices(database) == []

    async def test_it_asks_the_database_the_same(self, owner: UserRow, database: Database) -> None:
        await ask(database, "somebody@else.example")
        known = await database.write(asked_of_the_database, EMAIL)
        assert await database.write(asked_of_the_database, "no@body.example") == known
        assert len(known) > 1

    async def test_neither_address_nor_client_is_in_clear(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        await ask(database)
        kept = repr(await shelf.all_rows(PasswordResetRequestRow))
        assert EMAIL not in kept

    @pytest.mark.parametrize("email", [EMAIL, "no@body.example"])
    async def test_an_address_is_asked_for_a_few_times_an_hour(
        self, owner: UserRow, database: Database, email: str
    ) -> None:
        for number in range(password_resets.OF_ADDRESS.most):
            await ask(database, email, f"203.0.113.{number}")
        with pytest.raises(LimitReached):
            await ask(database, email.upper(), "198.51.100.1")

    @pytest.mark.parametrize("client", [CLIENT, "2001:db8:1:2::3"])
    async def test_a_client_asks_for_some_addresses_an_hour(
        self, owner: UserRow, database: Database, client: str
    ) -> None:
        for number in range(password_resets.OF_CLIENT.most):
            await ask(database, f"{number}@b.example", client)
        with pytest.raises(LimitReached):
            await ask(database, EMAIL, client)
        await ask(database, EMAIL, "2001:db8:1:3::3")

    async def test_of_a_site_with_many_networks_too(
        self, owner: UserRow, database: Database
    ) -> None:
        for number in range(password_resets.OF_SITE.most):
            await ask(database, f"{number}@b.example", f"2001:db8:1:{number:x}::3")
        with pytest.raises(LimitReached):
            await ask(database, EMAIL, "2001:db8:1:ffff::3")


class TestTheLink:
    async def test_it_is_mailed_to_whoever_has_the_address(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        await ask(database, EMAIL.upper())
        await ask(database, "no@body.example")
        assert await mail_links(database) == 2
        [notice] = await notices(database)
        assert (notice.kind, notice.user_id) == (NotificationKind.PASSWORD_RESET, owner.id)
        link = await opened(database, await token_in(database, notice))
        assert link == owner.id
        assert await mail_links(database) == await shelf.count(PasswordResetRequestRow) == 0
        assert await actions(database) == [AuditAction.PASSWORD_RESET_MAILED]

    async def test_many_workers_mail_one(self, owner: UserRow, database: Database) -> None:
        await ask(database)
        await asyncio.gather(*(mail_links(database) for _ in range(8)))
        assert len(await notices(database)) == 1

    async def test_none_for_whoever_has_no_password_or_was_removed(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        await shelf.invite("new@chaipoint.example", Role.OWNER)
        await ask(database)
        await database.write(users.remove_user, owner.id, NOW, actor="test")
        await ask(database, "new@chaipoint.example")
        assert await mail_links(database) == 2
        assert await notices(database) == []

    @pytest.mark.parametrize(("for_ops", "told"), [(True, {EMAIL, OPS_EMAIL}), (False, {EMAIL})])
    async def test_for_ops_where_they_have_passwords(
        self, owner: UserRow, shelf: Shelf, database: Database, for_ops: bool, told: set[str]
    ) -> None:
        asha, token = await shelf.invite(OPS_EMAIL, Role.OPS, None)
        await database.write(sessions.accept_invitation, token, HASH, NOW)
        for email in (EMAIL, OPS_EMAIL):
            await ask(database, email, for_ops=for_ops)
        assert await mail_links(database) == 2
        emails = {owner.id: EMAIL, asha.id: OPS_EMAIL}
        assert {emails[one.user_id or ""] for one in await notices(database)} == told

    async def test_none_for_what_was_asked_long_ago(
        self, owner: UserRow, database: Database
    ) -> None:
        await ask(database)
        assert await mail_links(database, NOW + RESET_VALID_FOR) == 1
        assert await notices(database) == []


class TestTheNewPassword:
    async def test_it_is_theirs_and_ends_their_sessions_and_the_lock(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        begun = await database.write(sessions.begin_for, owner.id, NOW)
        for _ in range(login_throttle.MOST_OF_ADDRESS):
            await database.write(login_throttle.note_failure, EMAIL, CLIENT, NOW)
        await reset(database, await mailed(database))
        assert (await shelf.one(UserRow, owner.id)).password_hash == ANOTHER
        assert await database.read(sessions.session_of, begun.token, NOW) is None
        assert not await database.read(login_throttle.is_locked, EMAIL, CLIENT, NOW)
        assert (await notices(database))[-1].kind is NotificationKind.PASSWORD_CHANGED
        assert await actions(database) == [
            AuditAction.PASSWORD_RESET,
            AuditAction.PASSWORD_RESET_MAILED,
        ]

    async def test_the_link_works_once_and_ends_the_others(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        first, second = await mailed(database), await mailed(database)
        _, invitation = await shelf.invite(EMAIL)
        third = await mailed(database)
        await reset(database, third)
        for token, kind in ((first, "reset"), (second, "reset"), (invitation, "invitation")):
            with pytest.raises(LinkEnded):
                await opened(database, token, kind)
        with pytest.raises(LinkEnded) as ended:
            await reset(database, third)
        assert ended.value.used

    async def test_a_link_that_has_ended_is_not_mailed_any_more(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        await mailed(database)
        await reset(database, await mailed(database))
        assert {notice.secret for notice in await notices(database)} == {None}

    async def test_asking_again_does_not_end_the_link_that_is_out(
        self, owner: UserRow, database: Database
    ) -> None:
        first = await mailed(database)
        await mailed(database)
        await reset(database, first)

    async def test_two_at_once_use_it_once(self, owner: UserRow, database: Database) -> None:
        token = await mailed(database)
        ended = await asyncio.gather(
            *(reset(database, token) for _ in range(4)), return_exceptions=True
        )
        assert [type(one) for one in ended if one is not None] == [LinkEnded] * 3

    async def test_it_works_for_half_an_hour(self, owner: UserRow, database: Database) -> None:
        token = await mailed(database)
        with pytest.raises(LinkEnded):
            await database.write(
                password_resets.reset_password, token, ANOTHER, NOW + RESET_VALID_FOR
            )

    async def test_no_other_kind_of_link_resets(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        _, invitation = await shelf.invite(EMAIL)
        with pytest.raises(LinkEnded):
            await reset(database, invitation)
        token = await mailed(database)
        with pytest.raises(LinkEnded):
            await database.write(sessions.accept_invitation, token, ANOTHER, NOW)

    async def test_not_for_who_was_removed_meanwhile(
        self, owner: UserRow, shelf: Shelf, database: Database
    ) -> None:
        token = await mailed(database)
        await shelf.change(UserRow, owner.id, removed_at=NOW)
        with pytest.raises(LinkEnded):
            await reset(database, token)


def asked_of_the_database(session: Session, email: str) -> list[str]:
    """What asking for a reset asks the database."""
    ask = partial(password_resets.ask_for_reset, email=email, client=CLIENT, now=NOW, for_ops=True)
    return [statement for statement, _ in statements_of(session, ask)]


async def reset(database: Database, token: str) -> None:
    await database.write(password_resets.reset_password, token, ANOTHER, NOW)


async def opened(database: Database, token: str, kind: str = "reset") -> str | None:
    """Whose link it is."""
    asked = LinkKind.INVITATION if kind == "invitation" else LinkKind.PASSWORD_RESET
    return (await database.read(sign_in_links.open_link, token, asked, NOW)).user_id


async def actions(database: Database) -> list[AuditAction]:
    """What the audit log says of resets, the latest first."""

    def read(session: Session) -> list[AuditAction]:
        rows = list_entries(session, AuditFilter(object_kind="user"), after=None, limit=50)
        return [row.action for row in rows if "reset" in row.action.value]

    return await database.read(read)
