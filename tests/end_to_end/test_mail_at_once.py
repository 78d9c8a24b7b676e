"""Many endpoints fail at once, and the mail server is away meanwhile: one e-mail for each person,
of what is still true, over real SMTP."""

import pytest

from activities.mail_sender import Mail
from contracts.access.users import Role
from contracts.brand import Brand
from contracts.clock import utc_now
from contracts.delivery.states import EndpointState
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageState
from mails.rendering import MailPages
from sandbox.mail import MailSandbox
from store.db.database import Database
from store.tables import EndpointRow, NotificationMessageRow
from tests.support.mails import BASE_URL
from tests.support.notifications import carried_by, messages_of, somebody, tell
from tests.support.shelf import Shelf
from tests.support.smtp import mailer_of
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

FAILING, RECOVERED = NotificationKind.ENDPOINT_FAILING, NotificationKind.ENDPOINT_RECOVERED
HALF_AN_HOUR_OF_ATTEMPTS = 4


def way_to(box: MailSandbox) -> Mail:
    """The product's mailer and words."""
    return Mail(mailer_of(box), MailPages(), Brand(), BASE_URL)


async def failing(shelf: Shelf, host: str, partner_id: str = "shop") -> str:
    """An endpoint whose breaker has opened, and that is told."""
    endpoint = await shelf.add_endpoint(partner_id, url=f"https://{host}/in")
    await shelf.change(EndpointRow, endpoint.id, opened_at=utc_now())
    await tell(shelf, FAILING, utc_now(), partner_id=partner_id, endpoint_id=endpoint.id, host=host)
    return endpoint.id


async def test_a_hundred_endpoints_that_fail_at_once_are_one_email_for_each_person(
    stack: Stack, database: Database
) -> None:
    shelf = Shelf(database)
    await somebody(shelf, "asha", Role.OPS)
    for number in range(100):
        await shelf.add_partner(f"shop-{number}")
        await failing(shelf, f"host-{number}.example", f"shop-{number}")
    await failing(shelf, "second.example", "shop-7")
    await somebody(shelf, partner_id="shop-7")
    async with MailSandbox() as box, stack.worker(mail=way_to(box)):
        await eventually(lambda: messages_of(shelf), _all_ended)
    [to_ops], [to_the_owner] = (box.to(f"{one}@chaipoint.example") for one in ("asha", "priya"))
    assert "101" in to_ops.subject
    assert len(box.received) == 2
    assert [host in to_the_owner.text for host in ("host-7.", "second.", "host-8.")] == [
        True,
        True,
        False,
    ]


async def test_what_the_mail_server_missed_is_told_when_it_is_back_and_what_is_over_is_not(
    stack: Stack, database: Database
) -> None:
    shelf = Shelf(database)
    await shelf.add_partner(tier="enterprise")
    await somebody(shelf)
    async with MailSandbox() as box:
        await box.go_away()
        for host in ("down.shop.example", "paused.shop.example", "back.shop.example"):
            last = await failing(shelf, host)
        async with stack.worker(mail=way_to(box)):
            await eventually(
                lambda: messages_of(shelf),
                lambda seen: any(one.attempts >= HALF_AN_HOUR_OF_ATTEMPTS for one in seen),
            )
            await shelf.change(EndpointRow, last, opened_at=None)
            await tell(shelf, RECOVERED, utc_now(), endpoint_id=last, host="back.shop.example")
            paused = await _endpoint_at(shelf, "paused.shop.example")
            await shelf.change(EndpointRow, paused, state=EndpointState.PAUSED)
            [waiting] = await messages_of(shelf)
            await eventually(
                lambda: carried_by(shelf, waiting.id), lambda carried: len(carried) == 4
            )
            await box.come_back()
            [message] = await eventually(lambda: messages_of(shelf), _all_ended)
            [received] = box.received
    assert message.state is MessageState.SENT
    assert "down.shop.example" in received.text
    assert received.text.count("back.shop.example") >= 2, "that it failed, and that it is over"
    assert "paused.shop.example" not in received.text
    assert [one.left_out for one in await carried_by(shelf, message.id)].count(True) == 1


async def _endpoint_at(shelf: Shelf, host: str) -> str:
    return next(one.id for one in await shelf.all_rows(EndpointRow) if host in one.url)


def _all_ended(messages: list[NotificationMessageRow]) -> bool:
    return bool(messages) and all(one.settled_at for one in messages)
