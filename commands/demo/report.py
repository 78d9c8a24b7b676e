"""The end of a demo on the screen: the ledger, who confirms it, and where to look further."""

from collections.abc import Mapping

from rich.box import SIMPLE_HEAD
from rich.table import Table

from commands.demo.ledger import Reconciliation
from commands.demo.screen import Screen
from commands.ports import LOOPBACK
from commands.system import System
from contracts.delivery.states import DeliveryState, EventState


def show_ledger(screen: Screen, found: Reconciliation) -> None:
    """The ledger in two sums, then a line for everything that somebody else can confirm."""
    ledger = found.ledger
    screen.headline("The ledger")
    screen.say(f"  {ledger.accepted} accepted events = {_sum(ledger.by_event_state, EventState)}")
    screen.say(
        f"  {ledger.planned_deliveries} planned deliveries = "
        f"{_sum(ledger.by_delivery_state, DeliveryState)}"
    )
    table = Table("confirmed by", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("Doorstep", "they"):
        table.add_column(heading, justify="right")
    table.add_column("")
    table.add_column("")
    for entry in found.entries:
        verdict = "agrees" if entry.agrees else "DIFFERS"
        table.add_row(entry.confirmed_by, str(entry.ours), str(entry.theirs), verdict, entry.remark)
    screen.table(table)
    screen.say(
        "The ledger balances: nothing was lost, nothing was invented."
        if found.balanced
        else "The ledger does NOT balance."
    )


def show_what_stays(screen: Screen, system: System) -> None:
    """What is left of a demo that stops now."""
    screen.headline("What stays")
    screen.say(f"  everything it kept is in {system.settings.data_dir}; delete it when you like")
    screen.say(f"  the logs are in {system.logs}; without ONCE=1 a demo stays up to be looked at")


def show_addresses(screen: Screen, system: System, mail_page: str) -> None:
    """Where to look while it is up."""
    settings, folder = system.settings, system.settings.data_dir
    screen.headline("Where to look")
    screen.say(f"  Temporal UI   {system.ui_url}")
    screen.say(f"  API           {system.api_url}, its key is in {folder / 'operator-key'}")
    screen.say(f"  e-mail        {mail_page} shows what people were told")
    screen.say(f"  logs          {system.logs}/postgresql.log, temporal.log, worker.log, api.log")
    screen.say(f"  PostgreSQL    {LOOPBACK}:{settings.postgres_port}, its files in {folder}")


def _sum(counts: Mapping[str, int], states: type[EventState] | type[DeliveryState]) -> str:
    parts = [(state, counts.get(state, 0)) for state in states]
    return " + ".join(f"{count} {state.replace('_', ' ')}" for state, count in parts if count)
