"""Who stands behind the actors of the audit log."""

from contracts.access.users import Invite, PortalLinkRequest, Role
from store.access.actors import Actor, ActorKind, actors_of
from store.access.invitations import invite
from store.access.sessions import enter_from_portal
from store.access.sign_in_links import portal_link
from store.access.users import remove_user
from tests.support.keys import make_key
from tests.support.shelf import NOW, Shelf


async def test_words_stand_for_themselves(shelf: Shelf) -> None:
    words = ["operator", "command_line", "customer", "doorstep", "test", "usr_nobody"]
    found = await shelf.database.read(actors_of, words)
    assert [found[one].kind for one in words] == [
        ActorKind.OPERATOR,
        ActorKind.COMMAND_LINE,
        ActorKind.CUSTOMER,
        ActorKind.DOORSTEP,
        ActorKind.UNKNOWN,
        ActorKind.USER,
    ]
    assert found["usr_nobody"].name is None


async def test_a_user_keeps_the_name_when_removed(shelf: Shelf) -> None:
    await shelf.add_partner()
    asked = Invite(email="a@b.example", name="Arjun", role=Role.MEMBER, partner_id="shop")
    user, _ = await shelf.database.write(invite, asked, NOW, actor="test")
    await shelf.database.write(remove_user, user.id, NOW, actor="test")
    found = await shelf.database.read(actors_of, {user.id})
    assert found[user.id] == Actor(ActorKind.USER, "Arjun", "shop")


async def test_a_key_is_known_by_its_label(shelf: Shelf) -> None:
    key_id, _ = await make_key(shelf.database, now=NOW)
    found = await shelf.database.read(actors_of, {key_id})
    assert found[key_id] == Actor(ActorKind.KEY, "a test", None)


async def test_somebody_from_the_portal_has_a_name_while_the_session_lasts(shelf: Shelf) -> None:
    await shelf.add_partner()
    asked = PortalLinkRequest(name="portal user 4711")
    token, _ = await shelf.database.write(portal_link, "shop", asked, NOW, actor="test")
    begun = await shelf.database.write(enter_from_portal, token, NOW)
    found = await shelf.database.read(actors_of, {begun.row.id, "ses_gone"})
    assert found[begun.row.id] == Actor(ActorKind.PORTAL, "portal user 4711", "shop")
    assert found["ses_gone"].name is None
