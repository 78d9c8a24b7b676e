"""`doorstep users …`: who may sign in to the dashboard."""

from typing import Annotated

import typer

from commands.command_line import command_settings, run
from contracts.clock import utc_now

users = typer.Typer(help="Who may sign in to the dashboard.", no_args_is_help=True)


@users.command("invite")
def invite_user(
    email: Annotated[str, typer.Option(help="their address")],
    name: Annotated[str, typer.Option(help="how others read who it is")],
    role: Annotated[str, typer.Option(help="ops, owner or member")] = "ops",
    partner: Annotated[str | None, typer.Option(help="whose owner or member it is")] = None,
    print_link: Annotated[
        bool, typer.Option("--print-link", help="print the link, too, where it is mailed")
    ] = False,
) -> None:
    """Invite somebody, or give them a new password: mails them a link. Without a mail server it
    prints the link to pass on, only now."""
    from commands.users import invite_user

    wish = {"email": email, "name": name, "role": role, "partner_id": partner}
    settings = command_settings("WARNING")
    is_mailed = settings.mail_server is not None
    user, link = run(invite_user(settings, wish, utc_now))
    typer.echo(f"id    {user.id}")
    if is_mailed:
        typer.echo(f"mail  a link is on its way to {email}")
    if print_link or not is_mailed:
        typer.echo(f"link  {link}  (works once, for seven days)")


@users.command("list")
def list_users(
    partner: Annotated[str | None, typer.Option(help="a partner's; default: those of ops")] = None,
) -> None:
    """List who may sign in."""
    from commands.users import list_users

    for user, email in run(list_users(command_settings("WARNING"), partner)):
        joined = f"joined {user.joined_at:%Y-%m-%d}" if user.joined_at else "invited"
        typer.echo(f"{user.id}  {user.role:<6}  {joined:<17}  {email}  {user.name}")


@users.command("remove")
def remove_user(
    user_id: Annotated[str, typer.Argument(metavar="ID", help="as `doorstep users list` shows it")],
) -> None:
    """Let somebody in no more; they are signed out at once."""
    from commands.users import remove_user

    run(remove_user(command_settings("WARNING"), user_id, utc_now))
    typer.echo(f"removed {user_id}")


@users.command("reset-second-factor")
def reset_second_factor(
    user_id: Annotated[str, typer.Argument(metavar="ID", help="as `doorstep users list` shows it")],
) -> None:
    """End the second factor of somebody who has lost phone and recovery codes: their password lets
    them in again. They are signed out at once."""
    from commands.users import reset_second_factor

    was_there = run(reset_second_factor(command_settings("WARNING"), user_id, utc_now))
    typer.echo(f"reset {user_id}" if was_there else f"{user_id} has no second factor")
