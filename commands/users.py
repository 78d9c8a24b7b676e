"""`doorstep users …`: who may sign in to the dashboard, straight in the store."""

from commands.checked import checked
from commands.database import open_database
from commands.system import System
from contracts.access.callers import COMMAND_LINE
from contracts.access.users import Invite
from contracts.clock import Clock
from settings import Settings
from store.access import invitations, second_factor_resets, users
from store.tables import UserRow


async def invite_user(
    settings: Settings, wish: dict[str, str | None], clock: Clock
) -> tuple[UserRow, str]:
    """Invite somebody; gives the row and the link, which is mailed to them where there is a mail
    server. CommandFailed names what is wrong."""
    asked = checked(Invite, wish)
    async with open_database(settings) as database:
        user, token = await database.write(
            invitations.invite,
            asked,
            clock(),
            actor=COMMAND_LINE,
            by_mail=settings.mail_server is not None,
        )
    return user, f"{_origin(settings)}/dashboard/invitations/{token}"


async def list_users(settings: Settings, partner_id: str | None) -> list[tuple[UserRow, str]]:
    """The people of a partner, or of ops, with their addresses."""
    async with open_database(settings) as database:
        return await database.read(users.list_users, partner_id)


async def reset_second_factor(settings: Settings, user_id: str, clock: Clock) -> bool:
    """End the second factor of somebody who has lost it. False where there is none, NotFound when
    there is nobody."""
    reset = second_factor_resets.reset_second_factor
    async with open_database(settings) as database:
        return await database.write(reset, user_id, clock(), actor=COMMAND_LINE)


async def remove_user(settings: Settings, user_id: str, clock: Clock) -> None:
    """Let somebody in no more. NotFound when there is nobody, Conflict for the last one."""
    async with open_database(settings) as database:
        await database.write(users.remove_user, user_id, clock(), actor=COMMAND_LINE)


def _origin(settings: Settings) -> str:
    """Where people reach the dashboard."""
    return settings.public_url or System.from_environment(settings).api_url
