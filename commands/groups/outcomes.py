"""`doorstep outcomes …`: the figures of each partner and day."""

from typing import Annotated

import typer

from commands.command_line import command_settings, run
from contracts.clock import utc_now

outcomes = typer.Typer(help="The figures of each partner and day.", no_args_is_help=True)


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
