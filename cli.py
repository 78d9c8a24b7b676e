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
from datetime import UTC, datetime
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from commands.command_line import command_settings, run
from commands.groups.dead_letters import dead_letters
from commands.groups.deliveries import deliveries
from commands.groups.endpoints import endpoints
from commands.groups.events import events
from commands.groups.partners import partners
from contracts.clock import utc_now
from contracts.errors import ConfigurationError, DoorstepError

app = typer.Typer(
    name="doorstep",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="API keys and encryption keys.", no_args_is_help=True)
users = typer.Typer(help="Who may sign in to the dashboard.", no_args_is_help=True)
privacy = typer.Typer(help="Customers' data.", no_args_is_help=True)
outcomes = typer.Typer(help="The figures of each partner and day.", no_args_is_help=True)
app.add_typer(events, name="events")
app.add_typer(deliveries, name="deliveries")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(endpoints, name="endpoints")
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
def backup(
    file: Annotated[Path, typer.Argument(help="a new file; it is whole when it is there")],
) -> None:
    """Write the database into a file, while the system runs. The encryption keys are not in it."""
    from commands.backup import back_up

    made = back_up(command_settings("WARNING"), file)
    typer.echo(f"{made.file}: {made.size:,} bytes, of PostgreSQL {made.server}")
    typer.echo(f"nobody can read it without the encryption keys: keep a copy of {made.keys} apart")


@app.command()
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


@users.command("invite")
def invite_user(
    email: Annotated[str, typer.Option(help="their address")],
    name: Annotated[str, typer.Option(help="how others read who it is")],
    role: Annotated[str, typer.Option(help="ops, owner or member")] = "ops",
    partner: Annotated[str | None, typer.Option(help="whose owner or member it is")] = None,
) -> None:
    """Invite somebody, or give them a new password: prints the link to pass on, only now."""
    from commands.users import invite_user

    wish = {"email": email, "name": name, "role": role, "partner_id": partner}
    user, link = run(invite_user(command_settings("WARNING"), wish, utc_now))
    typer.echo(f"id    {user.id}")
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


@app.command()
def rehearse(
    url: Annotated[str, typer.Argument(help="your receiver, such as http://127.0.0.1:8000/hooks")],
    secret: Annotated[
        str, typer.Option(envvar="WEBHOOK_SECRET", help="the secret that the receiver verifies by")
    ],
    scenario: Annotated[
        str,
        typer.Option(
            help="delivered, cash_on_delivery, failed_then_delivered, returned_to_origin or "
            "customer_return"
        ),
    ] = "delivered",
) -> None:
    """Post a test order's events to a receiver on this machine, and see whether it answers well."""
    from commands.rehearse import Rehearsal, rehearse

    wanted = Rehearsal.of(url, secret, scenario)

    async def play() -> int:
        faults = 0
        async for shown in rehearse(wanted, utc_now):
            status = shown.answer.status or shown.answer.code
            typer.echo(f"{shown.says:<27} {status}  {shown.answer.duration_ms} ms")
            if shown.fault:
                typer.echo(f"    {shown.fault}")
            faults += shown.fault is not None
        return faults

    if faults := run(play()):
        typer.echo(f"{faults} to mend", err=True)
        raise typer.Exit(1)
    typer.echo("all as it should be")


@app.command()
def demo(
    orders: Annotated[
        Path | None, typer.Option(help="an export of real orders (CSV) to replay")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="end by itself; exit code 0 only if the ledger balances")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="how many orders")] = None,
    seed: Annotated[int, typer.Option(help="for everything that is made up")] = 7,
) -> None:
    """Show everything at work, with a sandbox in place of merchants and Twilio."""
    if find_spec("standardwebhooks") is None:  # which the sandbox's merchants verify with
        raise ConfigurationError("the sandbox is not installed: install doorstep[embedded]")
    from commands.demo.environment import enter, make_environment
    from commands.demo.orders import OrdersRequest
    from commands.demo.run import run_demo
    from commands.demo.screen import Screen
    from commands.system import System

    environment = make_environment(command_settings("ERROR"), os.environ, utc_now())
    enter(environment)
    system = System.from_environment(command_settings("ERROR"))
    request = OrdersRequest(orders.absolute() if orders else None, limit, seed)
    screen = Screen(Console())
    succeeded = run(run_demo(system, environment.twilio_port, request, screen, once=once))
    if succeeded is False or (once and not succeeded):
        raise typer.Exit(1)


@app.command()
def receiver(
    port: Annotated[int, typer.Option(min=1, max=65535, help="where it listens, on 127.0.0.1")] = (
        9000
    ),
    secret_file: Annotated[
        Path | None,
        typer.Option(help="a file with the signing secret; without it WEBHOOK_SECRET is used"),
    ] = None,
) -> None:
    """Take webhooks on this machine and print what comes, for development."""
    from commands.receiver import receive, secrets_in

    secrets = secrets_in(secret_file, os.environ.get("WEBHOOK_SECRET"))
    run(receive(port, secrets, typer.echo))


@privacy.command("erase")
def erase(
    phone: Annotated[str, typer.Option(help="the customer's, as +91… or ten digits")],
) -> None:
    """Erase one customer everywhere, and say how much that was. It cannot be undone."""
    from commands.privacy import erase

    erased = run(erase(command_settings("WARNING"), phone, utc_now))
    if not erased.events:
        typer.echo("no event and no text of this phone is kept: nothing was erased")
        return
    typer.echo(f"events      {erased.events}")
    typer.echo(f"payloads    {erased.payloads}")
    typer.echo(f"texts       {erased.texts}")
    typer.echo(f"answers     {erased.excerpts}")
    typer.echo(f"instructions {erased.instructions}")
    typer.echo(f"deliveries  {erased.deliveries_ended} ended before they were sent")


@outcomes.command("rebuild")
def rebuild_outcomes(
    partner: Annotated[str | None, typer.Option(help="of this one; default: of all")] = None,
) -> None:
    """Count every day anew, out of the events' own rows. Days whose events are gone stay."""
    from commands.outcomes import rebuild

    async def rebuild_all() -> int:
        return len([day async for day in rebuild(command_settings("WARNING"), partner, utc_now)])

    typer.echo(f"{run(rebuild_all())} days counted")


@outcomes.command("baseline")
def import_baselines(
    file: Annotated[
        str,
        typer.Argument(help="CSV with the columns partner_id, figure, value, from, to; - is stdin"),
    ],
) -> None:
    """Import what figures were before, all lines of a file or none."""
    from commands.outcome_files import import_baselines

    count = run(import_baselines(command_settings("WARNING"), file, utc_now))
    typer.echo(f"{count} baselines imported")


@outcomes.command("calls")
def give_calls(
    file: Annotated[
        str, typer.Argument(help="CSV with the columns partner_id, day, calls; - is stdin")
    ],
) -> None:
    """Say how many customers called on which day: every line of the file, or none."""
    from commands.outcome_files import give_calls

    days = run(give_calls(command_settings("WARNING"), file, utc_now))
    typer.echo(f"calls of {days} partners and days taken")


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
