"""`doorstep rehearse`, `demo` and `receiver`: to try a receiver, or everything."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from commands.command_line import command_settings, run
from contracts.clock import utc_now
from contracts.errors import ConfigurationError

trying_out = typer.Typer()


@trying_out.command()
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


@trying_out.command()
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
    """Show everything at work, with a sandbox in place of merchants, Twilio and a mail server."""
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
    succeeded = run(run_demo(system, environment, request, screen, once=once))
    if succeeded is False or (once and not succeeded):
        raise typer.Exit(1)


@trying_out.command()
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
