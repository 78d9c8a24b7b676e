"""No invitation takes somebody's account over: every rank invites every rank, as every role."""

import asyncio
from itertools import product

import pytest

from contracts.access.callers import COMMAND_LINE
from contracts.access.users import PortalLinkRequest, Role
from contracts.errors import Conflict
from store.access import sessions, sign_in_links, users
from store.db.database import Database
from store.tables import SignInLinkRow, UserRow
from tests.support.locks import locked, somebody_waits
from tests.support.shelf import NOW, Shelf

EMAIL = "priya@chaipoint.example"
HASH = "$argon2id$of-a-password"
PARTNER_OF = {Role.OPS: None, Role.OWNER: "shop", Role.MEMBER: "shop"}
RANKS = (Role.MEMBER, Role.OWNER, Role.OPS)
AS_ROLES = [
    (rank, role) for rank, role in product(RANKS, RANKS) if PARTNER_OF[rank] == PARTNER_OF[role]
]
"""Whom an invitation may find at its address, and the role that it asks for."""


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """The partner `shop`, and somebody else of every rank, so that none is the last."""
    await shelf.add_partner()
    for rank in RANKS:
        await joined(shelf, rank, f"other-{rank}@chaipoint.example")
    return shelf


async def joined(shelf: Shelf, role: Role, email: str = EMAIL) -> str:
    """The id of somebody who has accepted an invitation."""
    user, token = await shelf.invite(email, role, PARTNER_OF[role])
    await shelf.database.write(sessions.accept_invitation, token, HASH, NOW)
    return user.id


@pytest.mark.parametrize("inviting", RANKS)
@pytest.mark.parametrize(("invited", "as_role"), AS_ROLES)
async def test_only_who_may_do_more_gives_a_new_password(
    shop: Shelf, inviting: Role, invited: Role, as_role: Role
) -> None:
    actor = await joined(shop, inviting, "inviting@chaipoint.example")
    before = await shop.one(UserRow, await joined(shop, invited))
    links = await shop.count(SignInLinkRow)
    if RANKS.index(inviting) > RANKS.index(invited):
        assert (await shop.invite(EMAIL, as_role, PARTNER_OF[as_role], actor=actor))[1]
        return
    with pytest.raises(Conflict):
        await shop.invite(EMAIL, as_role, PARTNER_OF[as_role], actor=actor)
    assert (await shop.one(UserRow, before.id)).model_dump() == before.model_dump()
    assert await shop.count(SignInLinkRow) == links


@pytest.mark.parametrize("invited", RANKS)
async def test_who_signs_in_without_a_password_is_not_taken_over_either(
    shop: Shelf, invited: Role
) -> None:
    actor = await joined(shop, invited, "inviting@chaipoint.example")
    theirs = await joined(shop, invited)
    await shop.change(UserRow, theirs, password_hash=None)
    with pytest.raises(Conflict):
        await shop.invite(EMAIL, invited, PARTNER_OF[invited], actor=actor)


@pytest.mark.parametrize("invited", RANKS)
async def test_neither_by_somebody_who_is_known_to_nobody(shop: Shelf, invited: Role) -> None:
    await joined(shop, invited)
    for actor in ("key_unknown", "usr_unknown", "customer"):
        with pytest.raises(Conflict):
            await shop.invite(EMAIL, invited, PARTNER_OF[invited], actor=actor)


@pytest.mark.parametrize("invited", [Role.OWNER, Role.MEMBER])
async def test_nor_by_an_owner_from_the_portal(
    shop: Shelf, database: Database, invited: Role
) -> None:
    await joined(shop, invited)
    asked = PortalLinkRequest(name="portal user 4711", role=Role.OWNER)
    token, _ = await database.write(sign_in_links.portal_link, "shop", asked, NOW, actor="key_1")
    visit = await database.write(sessions.enter_from_portal, token, NOW)
    with pytest.raises(Conflict):
        await shop.invite(EMAIL, invited, actor=visit.row.id)


@pytest.mark.parametrize("invited", RANKS)
async def test_not_while_they_choose_their_first_password(
    shop: Shelf, database: Database, invited: Role
) -> None:
    """The invitation is decided once whoever is joining has joined, and not before."""
    actor = await joined(shop, invited, "inviting@chaipoint.example")
    user, _ = await shop.invite(EMAIL, invited, PARTNER_OF[invited])
    async with locked(shop, (UserRow, user.id), joined_at=NOW, password_hash=HASH):
        inviting = asyncio.create_task(
            shop.invite(EMAIL, invited, PARTNER_OF[invited], actor=actor)
        )
        await somebody_waits(shop)
    with pytest.raises(Conflict):
        await inviting
    assert await database.read(users.user_by_email, EMAIL) is not None


async def test_the_command_line_gives_everybody_a_new_link(shop: Shelf) -> None:
    for rank in RANKS:
        await joined(shop, rank, f"{rank}@chaipoint.example")
        again = await shop.invite(
            f"{rank}@chaipoint.example", rank, PARTNER_OF[rank], actor=COMMAND_LINE
        )
        assert again[1]
