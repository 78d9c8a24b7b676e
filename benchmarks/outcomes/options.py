"""What is played: how many events, how fast, of which seed."""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EXPORT = Path(__file__).parents[3] / "shared" / "data" / "last_mile_orders_india_2022.csv"
_MOST_EVENTS = 200_000


@dataclass(frozen=True)
class Options:
    """One play. `write`: put its table into the documents. `keep`: a folder for databases and logs
    that stays; without it they are removed."""

    events: int = 20_000
    rate: float = 20.0
    seed: int = 0
    orders: Path = EXPORT
    write: bool = False
    json: Path | None = None
    keep: Path | None = None

    @property
    def command(self) -> str:
        """What repeats this play."""
        return f"make outcomes SEED={self.seed} EVENTS={self.events}"


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line. What cannot be played ends the program with one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outcomes", description=__doc__)
    add = parser.add_argument
    add("--events", type=int, default=20_000, help=f"at least so many; up to {_MOST_EVENTS:,}")
    add("--rate", type=float, default=20.0, help="events a second, as the machine carries")
    add("--seed", type=int, help="of orders, faults and customers; printed")
    add("--orders", type=Path, default=EXPORT, metavar="FILE", help="the export of real orders")
    add("--write", action="store_true", help="put the table into docs/outcomes.md and README.md")
    add("--json", type=Path, metavar="FILE", help="write the result there too")
    add("--keep", type=Path, metavar="FOLDER", help="leave databases and logs there")
    given = parser.parse_args(arguments)
    if not 1 <= given.events <= _MOST_EVENTS or given.rate <= 0:
        parser.error(f"events: 1 to {_MOST_EVENTS}; rate: more than 0")
    if not given.orders.is_file():
        parser.error("there is no export of orders: name one with --orders (make: ORDERS=file.csv)")
    if given.seed is None:
        given.seed = random.SystemRandom().randrange(1_000_000)
    return Options(**vars(given))
