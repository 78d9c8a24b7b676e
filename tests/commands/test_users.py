"""`doorstep users`: the first person of ops is invited on the command line."""

from pathlib import Path

import pytest

from commands.errors import CommandFailed
from commands.users import invite_user, list_users, remove_user, reset_second_factor
from contracts.access.users import LinkKind
from contracts.errors import Conflict, NotFound
from contracts.notifications.kinds import NotificationKind
from settings import Settings
from store.access.second_factors import enrol
from store.access.sign_in_links import open_link
from store.access.totp import code_at, new_secret
from store.db.database import Database
from tests.commands.running import doorstep
from tests.support.account_notices import notices
from tests.support.encryption import KEY
from tests.support.shelf import NOW

pytestmark = pytest.mark.extended


def variables(database_url: str) -> dict[str, str]:
    """What a command has to be told of the database."""
    return {
        "DOORSTEP_DATABASE_URL": database_url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
        "DOORSTEP_PUBLIC_URL": "https://doorstep.example",
    }


async def test_the_first_of_ops(database_url: str, database: Database) -> None:
    ended = await doorstep(
        *("users", "invite", "--email", "asha@ops.example", "--name", "Asha"),
        folder=Path.cwd(),
        **variables(database_url),
    )
    assert (ended.code, ended.err) == (0, "")
    shown = dict(line.split()[:2] for line in ended.out.splitlines())
    origin, _, token = shown["link"].partition("/dashboard/invitations/")
    assert origin == "https://doorstep.example"
    link = await database.read(open_link, token, LinkKind.INVITATION, NOW)
    assert link.user_id == shown["id"]

    listed = await doorstep("users", "list", folder=Path.cwd(), **variables(database_url))
    assert listed.code == 0
    assert shown["id"] in listed.out
    assert "invited" in listed.out
    assert "asha@ops.example  Asha" in listed.out

    removed = await doorstep(
        *("users", "remove", shown["id"]), folder=Path.cwd(), **variables(database_url)
    )
    assert (removed.code, "the last ops" in removed.err) == (2, True)


async def test_with_a_mail_server_the_link_is_mailed(database_url: str, database: Database) -> None:
    mail = {
        "DOORSTEP_SMTP_HOST": "127.0.0.1",
        "DOORSTEP_SMTP_TLS": "none",
        "DOORSTEP_MAIL_FROM": "Doorstep <no-reply@doorstep.example>",
    }
    asked = ("users", "invite", "--email", "asha@ops.example", "--name", "Asha")
    for more, is_printed in (((), False), (("--print-link",), True)):
        ended = await doorstep(*asked, *more, folder=Path.cwd(), **variables(database_url), **mail)
        assert (ended.code, ended.err) == (0, "")
        assert "on its way to asha@ops.example" in ended.out
        assert ("/dashboard/invitations/" in ended.out) is is_printed
    assert len(await notices(database, NotificationKind.INVITATION)) == 2


async def test_a_wrong_wish_is_one_line(database_url: str) -> None:
    settings = Settings(database_url=database_url, encryption_keys=KEY.as_setting())
    wish: dict[str, str | None] = {"email": "asha", "name": "Asha", "role": "ops"}
    with pytest.raises(CommandFailed, match="email"):
        await invite_user(settings, {**wish, "partner_id": None}, lambda: NOW)


async def test_one_of_two_is_removed(database_url: str) -> None:
    settings = Settings(database_url=database_url, encryption_keys=KEY.as_setting())
    people = []
    for name in ("asha", "ravi"):
        wish = {"email": f"{name}@ops.example", "name": name, "role": "ops", "partner_id": None}
        people.append((await invite_user(settings, wish, lambda: NOW))[0])
    await remove_user(settings, people[0].id, lambda: NOW)
    assert [user.id for user, _ in await list_users(settings, None)] == [people[1].id]
    with pytest.raises(Conflict):
        await remove_user(settings, people[1].id, lambda: NOW)


async def test_a_second_factor_that_was_lost_is_reset(
    database_url: str, database: Database
) -> None:
    settings = Settings(database_url=database_url, encryption_keys=KEY.as_setting())
    wish = {"email": "asha@ops.example", "name": "Asha", "role": "ops", "partner_id": None}
    user, _ = await invite_user(settings, wish, lambda: NOW)
    secret = new_secret()
    await database.write(enrol, user.id, secret, code_at(secret, NOW), NOW)
    reset = ("users", "reset-second-factor", user.id)
    said = [
        (await doorstep(*reset, folder=Path.cwd(), **variables(database_url))).out.strip()
        for _ in range(2)
    ]
    assert said == [f"reset {user.id}", f"{user.id} has no second factor"]
    with pytest.raises(NotFound):
        await reset_second_factor(settings, "usr_nobody", lambda: NOW)
