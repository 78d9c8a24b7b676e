"""The `doorstep` command line: reads settings, runs a command, prints, gives exit codes.

0: done · 1: done, and the answer is no (an event was refused, something is missing, the ledger
does not balance) · 2: could not be done, one line on standard error says why.
"""

import contextlib
import io
import json
import logging
import os
import sys
import traceback
from importlib import metadata
from typing import Annotated, NoReturn

import typer

from commands.command_line import command_settings, run
from commands.groups.backups import backups
from commands.groups.dead_letters import dead_letters
from commands.groups.deliveries import deliveries
from commands.groups.endpoints import endpoints
from commands.groups.events import events
from commands.groups.keys import keys
from commands.groups.notifications import notifications
from commands.groups.outcomes import outcomes
from commands.groups.partners import partners
from commands.groups.privacy import privacy
from commands.groups.trying_out import trying_out
from commands.groups.users import users
from contracts.errors import DoorstepError

app = typer.Typer(
    name="doorstep",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(backups)
app.add_typer(trying_out)
app.add_typer(events, name="events")
app.add_typer(deliveries, name="deliveries")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(endpoints, name="endpoints")
app.add_typer(notifications, name="notifications")
app.add_typer(partners, name="partners")
app.add_typer(keys, name="keys")
app.add_typer(users, name="users")
app.add_typer(privacy, name="privacy")
app.add_typer(outcomes, name="outcomes")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"doorstep {metadata.version('doorstep')}")
        raise typer.Exit


@app.callback()
def doorstep(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Show which it is."),
    ] = False,
) -> None:
    """Carries order-tracking events to merchants and their customers."""


@app.command()
def up() -> None:
    """Start Temporal with its UI, the worker and the API; Ctrl-C stops everything."""
    from commands.system import System
    from commands.up import up

    run(up(System.from_environment(command_settings("WARNING")), typer.echo))


@app.command()
def api() -> None:
    """Start the HTTP API alone."""
    from commands.loading import load_for_good

    load_for_good("commands.serve_api")
    from commands.serve_api import serve_api

    run(serve_api(command_settings()))


@app.command()
def worker(
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="how many, for the cores of this host")
    ] = 1,
) -> None:
    """Start workers: they carry out workflows and send webhooks and texts."""
    from commands.loading import load_for_good

    if processes > 1:
        from commands.worker_processes import serve_workers

        run(serve_workers(command_settings(), processes))
        return

    load_for_good("commands.serve_worker")
    from commands.serve_worker import serve_worker

    run(serve_worker(command_settings()))


@app.command()
def migrate(
    database_only: Annotated[
        bool, typer.Option("--database-only", help="leave Temporal's search attributes alone")
    ] = False,
) -> None:
    """Bring the database and Temporal's search attributes to what this version needs."""
    from commands.migrate import migrate_database, migrate_namespace

    settings = command_settings()
    typer.echo(f"the database is at migration {migrate_database(settings)}")
    if not database_only:
        added = run(migrate_namespace(settings))
        typer.echo(f"search attributes added: {', '.join(added) or 'none, all were there'}")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="print it for programs")] = False,
) -> None:
    """Say what is reachable, what is missing and what stands still, and what to do about it."""
    from commands.doctor.checks import as_document, is_well
    from commands.doctor.examination import examine

    checks = run(examine(command_settings("ERROR")))
    if as_json:
        typer.echo(json.dumps(as_document(checks), indent=2))
    else:
        for check in checks:
            typer.echo("\n".join(check.lines()))
    if not is_well(checks):
        raise typer.Exit(1)


def main() -> NoReturn:
    """Run a command and leave with its exit code.

    Not by returning: a process that used a Temporal client sometimes aborts while the
    interpreter shuts down (sdk-python issue 300), which would replace the exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no arrow gets a `?`
    code = _exit_code()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # whoever read our output has left
            stream.flush()
    os._exit(code)


def _exit_code() -> int:
    try:
        app()
    except DoorstepError as error:
        typer.echo(f"doorstep: {error}", err=True)
        return 2
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except KeyboardInterrupt:
        return 130
    except Exception:  # a mistake of ours: the traceback is what we want to be sent
        traceback.print_exc()
        return 70
    return 0


if __name__ == "__main__":
    main()
