"""`doorstep privacy …`: customers' data."""

from typing import Annotated

import typer

from commands.command_line import command_settings, run
from contracts.clock import utc_now

privacy = typer.Typer(help="Customers' data.", no_args_is_help=True)


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
