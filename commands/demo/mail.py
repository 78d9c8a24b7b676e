"""Who is told by e-mail in a demo, and what its mail server got."""

import asyncio
import secrets
from datetime import datetime

from argon2 import PasswordHasher
from sqlmodel import Session, col, func, select

from commands.demo.merchants import CHAI, MERIDIAN
from commands.demo.parts import Parts
from contracts.access.callers import COMMAND_LINE
from contracts.access.users import Invite, Role
from contracts.clock import utc_now
from contracts.notifications.messages import MessageChannel, MessageState
from store.access.invitations import invite
from store.access.sessions import accept_invitation
from store.tables import NotificationMessageRow, NotificationRow

_PEOPLE = (
    Invite(email="chitra@chai.example", name="Chitra", role=Role.OWNER, partner_id=CHAI.id),
    Invite(email="mohan@meridian.example", name="Mohan", role=Role.OWNER, partner_id=MERIDIAN.id),
    Invite(email="asha@ops.example", name="Asha", role=Role.OPS),
)
_LOOK_EVERY_S = 0.5
_PATIENCE_S = 30.0
_MOST_SHOWN = 8


async def let_people_join(parts: Parts) -> None:
    """Two owners and somebody of ops, with passwords that nobody knows."""
    hasher = PasswordHasher()
    for asked in _PEOPLE:
        now, hashed = utc_now(), hasher.hash(secrets.token_urlsafe())
        _, token = await parts.database.write(invite, asked, now, actor=COMMAND_LINE)
        await parts.database.write(accept_invitation, token, hashed, now)


async def show_mails(parts: Parts) -> None:
    """Wait until what can be told has been told, and show who was told what."""
    await _wait_until_told(parts)
    screen, received = parts.screen, parts.mail.received
    screen.headline("E-mail that people got")
    for mail in received[:_MOST_SHOWN]:
        screen.say(f"  {mail.recipients[0]}: {mail.subject}")
    if len(received) > _MOST_SHOWN:
        screen.say(f"  and {len(received) - _MOST_SHOWN} more")


async def _wait_until_told(parts: Parts) -> None:
    clock = asyncio.get_running_loop().time
    until = clock() + _PATIENCE_S
    while True:
        if not await parts.database.read(_is_left, utc_now()) or clock() > until:
            return
        await asyncio.sleep(_LOOK_EVERY_S)


def _is_left(session: Session, now: datetime) -> bool:
    """Whether there are notifications whose messages are not made, or e-mails that are due."""
    kept = select(func.count()).select_from(NotificationRow)
    waiting = select(func.count()).select_from(NotificationMessageRow)
    due = waiting.where(
        col(NotificationMessageRow.channel) == MessageChannel.EMAIL,
        col(NotificationMessageRow.state) == MessageState.WAITING,
        col(NotificationMessageRow.send_after) <= now,
    )
    new = kept.where(col(NotificationRow.fanned_out_at).is_(None))
    return session.exec(new).one() + session.exec(due).one() > 0
