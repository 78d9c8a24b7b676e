"""`doorstep backup` and `doorstep restore`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.command_line import command_settings, run
from contracts.clock import utc_now

backups = typer.Typer()


@backups.command()
def backup(
    file: Annotated[Path, typer.Argument(help="a new file; it is whole when it is there")],
) -> None:
    """Write the database into a file, while the system runs. The encryption keys are not in it."""
    from commands.backup import back_up

    made = back_up(command_settings("WARNING"), file)
    typer.echo(f"{made.file}: {made.size:,} bytes, of PostgreSQL {made.server}")
    typer.echo(f"nobody can read it without the encryption keys: keep a copy of {made.keys} apart")


@backups.command()
def restore(
    file: Annotated[
        Path | None,
        typer.Argument(help="what `doorstep backup` has written; the database is empty"),
    ] = None,
    after_own_restore: Annotated[
        bool,
        typer.Option("--after-own-restore", help="you have restored the database by other means"),
    ] = False,
    stopped_at: Annotated[
        str | None,
        typer.Option(help="when the last worker had ended, with its zone; default: now"),
    ] = None,
) -> None:
    """Restore a backup, with everything stopped; what may have been texted since is not again."""
    from commands.errors import CommandFailed
    from commands.restore import restore

    if (file is None) is not after_own_restore:
        raise typer.BadParameter("name the file of a backup, or say --after-own-restore")
    try:
        ended_at = datetime.fromisoformat(stopped_at) if stopped_at else None
    except ValueError:
        raise CommandFailed(f"--stopped-at: {stopped_at} is no time") from None
    restored = run(restore(command_settings("WARNING"), file, ended_at, utc_now))
    until = restored.lost_until.astimezone(UTC)
    typer.echo(
        f"restored; texts of events until {until:%Y-%m-%d %H:%M:%S}Z may have gone out after"
    )
    typer.echo("the backup: they become unknown, and are not sent again")
    if restored.ended is None:
        typer.echo(
            "Temporal does not answer: what it runs from before ends by itself, within hours"
        )
    else:
        typer.echo(f"ended {restored.ended} workflows from before; what is open is started again")
