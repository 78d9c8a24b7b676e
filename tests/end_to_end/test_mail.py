"""What happens to an endpoint is told by e-mail, over real SMTP: once, to whom it concerns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from activities.mail_sender import Mail
from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageState
from sandbox.mail import MailSandbox
from sandbox.mail_steps import parse_mail_step
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from sandbox.tls import LocalAuthority
from settings import Settings
from store.db.database import Database
from store.tables import NotificationMessageRow
from tests.support.factories import make_event
from tests.support.notifications import messages_of, notifications_of, somebody
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.waiting import eventually
from worker import make_mail

pytestmark = pytest.mark.extended

PUBLIC_URL = "https://doorstep.example.com"
USERS = {"doorstep": "a-password"}


@asynccontextmanager
async def post(tmp_path: Path) -> AsyncIterator[tuple[MailSandbox, Mail]]:
    """A mail server with TLS and a password, and the product's way to it, by its settings."""
    authority = LocalAuthority(tmp_path / "ca.pem")
    async with MailSandbox(certificate=authority.issue(), users=USERS) as box:
        settings = Settings(
            smtp_host=box.host,
            smtp_port=box.port,
            smtp_username="doorstep",
            smtp_password="a-password",
            smtp_answer_timeout=1,
            mail_from="Tracking <tracking@doorstep.example>",
            public_url=PUBLIC_URL,
            ca_file=authority.ca_file,
        )
        mail = make_mail(settings, utc_now)
        assert mail is not None
        yield box, mail


async def test_an_endpoint_that_is_gone_is_told_to_its_owner_and_to_ops_once(
    stack: Stack, database: Database, tmp_path: Path
) -> None:
    async with post(tmp_path) as (box, mail), Merchant(behaviour=Answer(410)) as merchant:
        endpoint = await stack.open_shop(merchant.url)
        owner = await somebody(Shelf(database))
        await somebody(Shelf(database), "asha", Role.OPS)
        for state in ("dead_lettered", "held"):  # the second worker has nothing to tell
            async with stack.worker(mail=mail):
                await stack.delivery(await stack.send(make_event()), state)
                await eventually(lambda: messages_of(Shelf(database)), _all_ended)
        told = [one for one in await notifications_of(Shelf(database)) if _is_of_an_end(one.kind)]
    assert [one.about["status"] for one in told] == [410]
    assert sorted(one.recipients[0] for one in box.received) == [
        "asha@chaipoint.example",
        "priya@chaipoint.example",
    ]
    [received] = box.to("priya@chaipoint.example")
    assert (received.encrypted, received.user) == (True, "doorstep")
    assert received.subject.endswith("The endpoint at 127.0.0.1 is switched off")
    assert owner.name in received.text
    assert str(told[0].about["event_id"]) in received.text
    assert "Its answer: HTTP 410" in received.text
    link = f"{PUBLIC_URL}/dashboard/p/shop/endpoints/{endpoint['id']}"
    assert link in received.links
    assert link in received.html
    assert received.message["List-Unsubscribe"] is not None


async def test_an_answer_that_is_lost_sends_no_second_copy(
    stack: Stack, database: Database, tmp_path: Path
) -> None:
    async with post(tmp_path) as (box, mail), Merchant(behaviour=Answer(410)) as merchant:
        box.behave(parse_mail_step("body:hang-taken"))
        await stack.open_shop(merchant.url)
        await somebody(Shelf(database))
        for state in ("dead_lettered", "held"):
            async with stack.worker(mail=mail):
                await stack.delivery(await stack.send(make_event()), state)
                await eventually(lambda: messages_of(Shelf(database)), _all_ended)
        states = {one.state for one in await messages_of(Shelf(database)) if one.user_id}
    assert states == {MessageState.UNKNOWN}
    assert box.summary()["taken"] == 1


def _all_ended(messages: list[NotificationMessageRow]) -> bool:
    return bool(messages) and all(one.settled_at for one in messages)


def _is_of_an_end(kind: NotificationKind) -> bool:
    return kind is NotificationKind.ENDPOINT_DISABLED
