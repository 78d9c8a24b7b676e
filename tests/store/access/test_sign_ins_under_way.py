"""A sign-in that is under way outlives nothing that ends it: a password that is reset, a removal,
another role, a second factor. Each is decided under the lock of the user."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from contracts.access.second_factor import CodeFate, SecondFactorRule
from contracts.access.users import Role
from contracts.errors import NotFound
from store.access import second_factors, sessions, sign_in_steps, users
from store.access.passwords import put_password
from store.access.pending_sign_ins import PendingSignIn, PendingSignInEnded
from store.access.sessions import Begun, ProvenPassword
from store.access.totp import code_at, new_secret, step_of
from store.access.user_locks import lock_user
from store.tables import PendingSignInRow, SecondFactorRow, SessionRow, UserRow
from tests.support.locks import locked, somebody_waits, under_way
from tests.support.shelf import NOW, Shelf

HASH, ANOTHER = "$argon2id$of-a-password", "$argon2id$of-another"
BEFORE = NOW - timedelta(minutes=1)
Ends = Callable[[Session, str], None]


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """A store with the partner `shop`, and an owner who stays."""
    await shelf.add_partner()
    await joined(shelf, "stays@shop.example")
    return shelf


@pytest.fixture
async def priya(shop: Shelf) -> str:
    """Another owner."""
    return await joined(shop, "priya@shop.example")


async def joined(shelf: Shelf, email: str) -> str:
    """Somebody who has chosen a password, and is signed in nowhere."""
    user, token = await shelf.invite(email)
    begun = await shelf.database.write(sessions.accept_invitation, token, HASH, NOW)
    assert isinstance(begun, Begun)
    await shelf.database.write(sessions.end_session, begun.row.id)
    return user.id


async def go_on(shelf: Shelf, user_id: str) -> Begun | PendingSignIn | None:
    """What comes after the password was compared, and was right."""
    proven, rule = ProvenPassword(user_id, HASH), SecondFactorRule.OPTIONAL
    return await shelf.database.write(sessions.begin_or_ask, proven, NOW, rule)


def reset(session: Session, user_id: str) -> None:
    """Another password, by a link."""
    put_password(session, lock_user(session, user_id), ANOTHER, NOW)


def remove(session: Session, user_id: str) -> None:
    users.remove_user(session, user_id, NOW, actor="test")


@pytest.mark.parametrize("ends", [reset, remove])
class TestWhatEndsIt:
    async def test_before(self, shop: Shelf, priya: str, ends: Ends) -> None:
        await shop.database.write(ends, priya)
        assert await go_on(shop, priya) is None
        assert await shop.count(SessionRow) == 0

    async def test_meanwhile(self, shop: Shelf, priya: str, ends: Ends) -> None:
        async with under_way(shop, lambda session: ends(session, priya)):
            going_on = asyncio.create_task(go_on(shop, priya))
            await somebody_waits(shop)
        assert await going_on is None
        assert await shop.count(SessionRow) == 0

    async def test_afterwards(self, shop: Shelf, priya: str, ends: Ends) -> None:
        async with under_way(shop, lambda session: begin(session, priya)):
            ending = asyncio.create_task(shop.database.write(ends, priya))
            await somebody_waits(shop)
        await ending
        assert await shop.count(SessionRow) == 0

    async def test_between_the_password_and_the_code(
        self, shop: Shelf, priya: str, ends: Ends
    ) -> None:
        secret = await enrolled(shop, priya)
        pending = await go_on(shop, priya)
        assert isinstance(pending, PendingSignIn)
        async with under_way(shop, lambda session: ends(session, priya)):
            finish, code = sign_in_steps.finish_with_code, code_at(secret, NOW)
            finishing = asyncio.create_task(shop.database.write(finish, pending.token, code, NOW))
            await somebody_waits(shop)
        with pytest.raises(PendingSignInEnded):
            await finishing
        assert await shop.count(SessionRow) == await shop.count(PendingSignInRow) == 0


class TestWhatChangesIt:
    async def test_another_role_is_the_session_s(self, shop: Shelf, priya: str) -> None:
        async with locked(shop, (UserRow, priya), role=Role.MEMBER):
            going_on = asyncio.create_task(go_on(shop, priya))
            await somebody_waits(shop)
        begun = await going_on
        assert isinstance(begun, Begun)
        assert begun.row.role is Role.MEMBER

    async def test_a_second_factor_is_asked_for(self, shop: Shelf, priya: str) -> None:
        async with under_way(shop, lambda session: enrol(session, priya, new_secret())):
            going_on = asyncio.create_task(go_on(shop, priya))
            await somebody_waits(shop)
        assert isinstance(await going_on, PendingSignIn)
        assert await shop.count(SessionRow) == 0

    async def test_a_code_that_was_used_meanwhile_is_not_taken(
        self, shop: Shelf, priya: str
    ) -> None:
        secret = await enrolled(shop, priya)

        def look_and_take(session: Session) -> CodeFate:
            seen = second_factors.second_factor(session, priya)
            assert seen is not None
            judged = second_factors.check_code(session, priya, code_at(secret, NOW), NOW)
            assert seen.last_step == step_of(NOW)
            return judged.fate

        async with locked(shop, (SecondFactorRow, priya), last_step=step_of(NOW)):
            taking = asyncio.create_task(shop.database.write(look_and_take))
            await somebody_waits(shop)
        assert await taking is CodeFate.USED


async def test_nobody_who_was_removed_begins_a_session(shop: Shelf, priya: str) -> None:
    await shop.database.write(remove, priya)
    with pytest.raises(NotFound):
        await shop.database.write(sessions.begin_for, priya, NOW)


async def enrolled(shelf: Shelf, user_id: str) -> str:
    """The secret of a second factor that somebody has from now on."""
    secret = new_secret()
    await shelf.database.write(enrol, user_id, secret)
    return secret


def enrol(session: Session, user_id: str, secret: str) -> None:
    code = code_at(secret, BEFORE)
    assert isinstance(second_factors.enrol(session, user_id, secret, code, BEFORE), list)


def begin(session: Session, user_id: str) -> None:
    sessions.begin_for(session, user_id, NOW)
