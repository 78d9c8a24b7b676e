"""The list of messages: whose they are, what they tell, and of people no more than is needed."""

from datetime import timedelta

from contracts.notifications.messages import MessageChannel, MessageState
from store.access.users import remove_user
from store.db.keyset import Position
from store.notifications.listing import (
    MOST_NAMED,
    ListedMessage,
    MessageFilter,
    list_messages,
)
from store.notifications.standing import MessageStanding, message_standing
from tests.support.messages import FAILS, MessageDraft, add_message, add_owner
from tests.support.shelf import NOW, Shelf, after


async def listed(
    shelf: Shelf, wanted: MessageFilter | None = None, owner: str | None = None
) -> list[ListedMessage]:
    """The first page."""
    asked = wanted or MessageFilter()
    return await shelf.database.read(list_messages, asked, owner=owner, after=None, limit=50)


async def test_a_message_names_whom_it_is_for_and_what_it_tells(shelf: Shelf) -> None:
    await shelf.add_partner()
    priya = await add_owner(shelf.database)
    message_id = await add_message(shelf.database, MessageDraft(user_id=priya.id))
    [message] = await listed(shelf)
    assert message.row.id == message_id
    assert message.recipient is not None
    assert (message.recipient.name, message.recipient.address) == (
        "Priya Nair",
        "p…@chaipoint.example",
    )
    assert [one.about for one in message.notifications] == [FAILS]
    assert message.count == 1


async def test_of_somebody_who_was_removed_the_name_alone_is_left(shelf: Shelf) -> None:
    await shelf.add_partner()
    await add_owner(shelf.database, "stays@chaipoint.example")
    gone = await add_owner(shelf.database)
    await add_message(shelf.database, MessageDraft(user_id=gone.id))
    await shelf.database.write(remove_user, gone.id, NOW, actor="test")
    [message] = await listed(shelf)
    assert message.recipient is not None
    assert (message.recipient.name, message.recipient.address) == ("Priya Nair", None)


async def test_of_many_notifications_the_first_are_read_and_all_counted(shelf: Shelf) -> None:
    await shelf.add_partner()
    await add_message(shelf.database, MessageDraft(count=12))
    await add_message(shelf.database, MessageDraft(count=2, at=after(1)))
    [second, first] = await listed(shelf)
    assert (len(first.notifications), first.count) == (MOST_NAMED, 12)
    assert (len(second.notifications), second.count) == (2, 2)


async def test_it_is_narrowed_by_partner_channel_and_state(shelf: Shelf) -> None:
    await shelf.add_partner()
    await shelf.add_partner("rival")
    bad = MessageDraft(state=MessageState.FAILED, channel=MessageChannel.SMS)
    of_shop = await add_message(shelf.database, bad)
    of_rival = await add_message(shelf.database, MessageDraft(partner_id="rival", at=after(1)))
    of_ops = await add_message(shelf.database, MessageDraft(partner_id=None, at=after(2)))

    async def ids(wanted: MessageFilter, owner: str | None = None) -> list[str]:
        return [one.row.id for one in await listed(shelf, wanted, owner)]

    assert await ids(MessageFilter()) == [of_ops, of_rival, of_shop]
    assert await ids(MessageFilter(), "shop") == [of_shop]
    assert await ids(MessageFilter("rival"), "shop") == []
    assert await ids(MessageFilter("rival")) == [of_rival]
    assert await ids(MessageFilter(channel=MessageChannel.SMS)) == [of_shop]
    bad_states = MessageFilter(states=(MessageState.FAILED, MessageState.UNKNOWN))
    assert await ids(bad_states) == [of_shop]


async def test_its_pages_follow_each_other(shelf: Shelf) -> None:
    await shelf.add_partner()
    made = [await add_message(shelf.database, MessageDraft(at=after(one // 2))) for one in range(5)]
    found: list[str] = []
    place: Position | None = None
    while True:
        page = await shelf.database.read(list_messages, MessageFilter(), after=place, limit=2)
        if not page:
            break
        found += [one.row.id for one in page]
        place = Position(page[-1].row.created_at, page[-1].row.id)
    assert sorted(found) == sorted(made)
    assert len(found) == len(set(found))


async def test_what_waits_is_counted_however_old_and_what_has_ended_for_a_day(
    shelf: Shelf,
) -> None:
    await shelf.add_partner()
    early = NOW - timedelta(days=2)
    await add_message(shelf.database, MessageDraft(state=MessageState.FAILED, at=early))
    await add_message(shelf.database, MessageDraft(state=MessageState.WAITING, at=early))
    await add_message(shelf.database, MessageDraft(state=MessageState.REFUSED))
    quiet = MessageDraft(state=MessageState.WAITING, at=early, send_after=after(3600))
    await add_message(shelf.database, quiet)
    standing: MessageStanding = await shelf.database.read(message_standing, NOW)
    email = MessageChannel.EMAIL
    assert standing.counts == {
        (email, MessageState.WAITING): 2,
        (email, MessageState.REFUSED): 1,
    }
    assert standing.oldest_at == early
    assert standing.of(MessageState.FAILED, MessageState.REFUSED) == 1


async def test_without_any_there_is_nothing(shelf: Shelf) -> None:
    assert await listed(shelf) == []
    assert await shelf.database.read(message_standing, NOW) == MessageStanding()
