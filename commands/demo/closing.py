"""The end of a demo on the screen: the ledger, who confirms it, and where to look further."""

from collections.abc import Mapping

from rich.box import SIMPLE_HEAD
from rich.table import Table

from commands.demo.books import Books
from commands.demo.screen import Screen
from commands.system import System
from contracts.states import DeliveryState, EventState


def show_books(screen: Screen, books: Books) -> None:
    """The ledger in two sums, then a line for everything that somebody else can confirm."""
    ledger = books.ledger
    screen.headline("The ledger")
    screen.say(f"  {ledger.accepted} accepted events = {_sum(ledger.by_event_state, EventState)}")
    screen.say(
        f"  {ledger.planned_deliveries} planned deliveries = "
        f"{_sum(ledger.by_delivery_state, DeliveryState)}"
    )
    table = Table("confirmed by", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Doorstep", justify="right")
    table.add_column("they", justify="right")
    table.add_column("")
    table.add_column("")
    for entry in books.entries:
        verdict = "agrees" if entry.agrees else "DIFFERS"
        table.add_row(entry.confirmed_by, str(entry.ours), str(entry.theirs), verdict, entry.remark)
    screen.table(table)
    screen.say(
        "The ledger balances: nothing was lost, nothing was invented."
        if books.balanced
        else "The ledger does NOT balance."
    )


def show_addresses(screen: Screen, system: System) -> None:
    """Where to look while it is up, and what stays when it is not."""
    folder = system.settings.data_dir
    screen.headline("Where to look")
    screen.say(f"  Temporal UI   {system.ui_url}")
    screen.say(f"  API           {system.api_url}, its key is in {folder / 'operator-key'}")
    screen.say(f"  logs          {system.logs}/temporal.log, worker.log, api.log")
    screen.say(f"  database      {folder / 'doorstep.db'}")


def _sum(counts: Mapping[str, int], states: type[EventState] | type[DeliveryState]) -> str:
    parts = [(state, counts.get(state, 0)) for state in states]
    return " + ".join(f"{count} {state.replace('_', ' ')}" for state, count in parts if count)
