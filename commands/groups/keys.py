"""`doorstep keys …`: API keys and encryption keys, straight in the store."""

from typing import Annotated

import typer
from rich.console import Console

from commands.command_line import command_settings, run
from contracts.clock import utc_now

keys = typer.Typer(help="API keys and encryption keys.", no_args_is_help=True)


@keys.command("create")
def create_key(
    scope: Annotated[str, typer.Option(help="oms, ops or partner")],
    label: Annotated[str, typer.Option(help="what the key is for, in your words")],
    partner: Annotated[
        str | None, typer.Option(help="whose key it is, for the scope partner")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--expires-in", min=1, help="days; default: it does not expire")
    ] = None,
) -> None:
    """Make an API key and print it; it is shown only now."""
    from commands.keys import create_key

    wish = {"scope": scope, "label": label, "partner_id": partner}
    row, token = run(create_key(command_settings("WARNING"), wish, days, utc_now))
    typer.echo(f"id   {row.id}")
    typer.echo(f"key  {token}  (shown only now)")


@keys.command("list")
def list_keys() -> None:
    """List every API key, revoked ones too, without the keys themselves."""
    from commands.keys import list_keys, state_of

    for row in run(list_keys(command_settings("WARNING"))):
        used = f"used {row.last_used_at:%Y-%m-%d %H:%M}Z" if row.last_used_at else "never used"
        whose = row.partner_id or "-"
        typer.echo(
            f"{row.id}  {row.prefix:<20}  {whose}  {state_of(row, utc_now())}  {used}  {row.label}"
        )


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="as `doorstep keys list` shows it")],
) -> None:
    """Revoke an API key for good; the API refuses it within ten seconds."""
    from commands.keys import revoke_key

    row = run(revoke_key(command_settings("WARNING"), key_id, utc_now))
    typer.echo(f"revoked {row.id}  {row.prefix}")


@keys.command("new-encryption-key")
def new_encryption_key() -> None:
    """Print a fresh key for DOORSTEP_ENCRYPTION_KEYS; it is kept nowhere else."""
    from store.encryption.keyring import new_key

    typer.echo(new_key().as_setting())


@keys.command("rotate-encryption")
def rotate_encryption(
    with_new_key: Annotated[
        bool, typer.Option("--new-key", help="first add a fresh key (embedded database only)")
    ] = False,
) -> None:
    """Encrypt everything with the first key of the settings, while events flow; may be repeated."""
    from commands.encryption import add_key, rotate_encryption
    from commands.progress_bars import progress_bars

    settings = command_settings("WARNING")
    if with_new_key:
        typer.echo(f"key {add_key(settings)} is in front now")
    with progress_bars(Console()) as progress:
        rotated = run(rotate_encryption(settings, progress))
    for line in rotated.report():
        typer.echo(line)
    if not rotated.complete:
        raise typer.Exit(1)


@keys.command("replace-index-key")
def replace_index_key() -> None:
    """Make new keys for digests and links, after a leak; may be repeated. Events wait meanwhile."""
    from commands.index_key import replace_index_key

    done = run(replace_index_key(command_settings("WARNING")))
    typer.echo(f"{done} digests are keyed anew; every link that was out has ended")


@keys.command("replace-link-key")
def replace_link_key() -> None:
    """End every link that is out, at once: invitations, links from the portal and to opt out."""
    from commands.index_key import end_links

    run(end_links(command_settings("WARNING")))
    typer.echo("every link that was out has ended")
