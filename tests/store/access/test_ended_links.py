"""A link that is ended while somebody uses it does not work, and is no fault of ours."""

import asyncio

import pytest
from sqlalchemy import delete

from contracts.access.users import PortalLinkRequest
from store.access import sessions, sign_in_links
from store.access.sign_in_links import LinkEnded, end_links
from store.tables import SessionRow, SignInLinkRow
from tests.support.locks import somebody_waits, under_way
from tests.support.shelf import NOW, Shelf


async def test_an_invitation_while_another_takes_its_place(shelf: Shelf) -> None:
    await shelf.add_partner()
    user, token = await shelf.invite()
    async with under_way(shelf, lambda session: end_links(session, user.id)):
        accept = sessions.accept_invitation
        accepting = asyncio.create_task(shelf.database.write(accept, token, "a hash", NOW))
        await somebody_waits(shelf)
    with pytest.raises(LinkEnded):
        await accepting
    assert await shelf.count(SessionRow) == 0


async def test_a_link_of_the_portal_while_all_are_ended(shelf: Shelf) -> None:
    await shelf.add_partner()
    asked = PortalLinkRequest(name="portal user 4711")
    token, _ = await shelf.database.write(
        sign_in_links.portal_link, "shop", asked, NOW, actor="key_1"
    )
    async with under_way(shelf, lambda session: session.execute(delete(SignInLinkRow))):
        entering = asyncio.create_task(shelf.database.write(sessions.enter_from_portal, token, NOW))
        await somebody_waits(shelf)
    with pytest.raises(LinkEnded):
        await entering
    assert await shelf.count(SessionRow) == 0
