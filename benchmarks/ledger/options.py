"""What a run is: how many events, how fast, and what dies on the way."""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from benchmarks.engine.choice import add_engine_option
from benchmarks.engine.engine import EngineKind

MOST_EVENTS = 100_000


class Scenario(StrEnum):
    """`kills`: one of each process, all killed. `outage`: Temporal is away for a while and nothing
    else is touched. `cluster`: two APIs and three workers, all killed. `failover`: for a while at a
    time, Temporal answers as a namespace that fails over and a proxy with a wrong route do. `soak`:
    what the product needs is killed twice each, the product itself never."""

    KILLS = "kills"
    OUTAGE = "outage"
    CLUSTER = "cluster"
    FAILOVER = "failover"
    SOAK = "soak"


@dataclass(frozen=True)
class Options:
    """One run. `keep`: a folder for databases and logs that stays; without it they are removed."""

    events: int = 2_000
    rate: float = 50.0
    seed: int = 0
    kills: int = 5
    scenario: Scenario = Scenario.KILLS
    short: bool = False
    outage_s: float = 60.0
    engine: EngineKind = EngineKind.DEVELOPMENT
    json: Path | None = None
    keep: Path | None = None

    @property
    def play_s(self) -> float:
        """How long the events take to be handed in."""
        return self.events / self.rate

    @property
    def apis(self) -> int:
        """How many APIs serve."""
        return 2 if self.scenario is Scenario.CLUSTER else 1

    @property
    def workers(self) -> int:
        """How many workers serve."""
        return 3 if self.scenario is Scenario.CLUSTER else 1

    @property
    def command(self) -> str:
        """The command that repeats this run."""
        words = ["python -m benchmarks.ledger"]
        if self.scenario is not Scenario.KILLS:
            words.append(f"--scenario {self.scenario}")
        if self.engine is not EngineKind.DEVELOPMENT:
            words.append(f"--engine {self.engine}")
        if self.scenario is Scenario.OUTAGE:
            words.append(f"--outage {self.outage_s:g}")
        elif self.scenario not in (Scenario.FAILOVER, Scenario.SOAK):
            words.append(f"--kills {self.kills}")
        words += [f"--events {self.events}", f"--rate {self.rate:g}", f"--seed {self.seed}"]
        return " ".join(words)


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line. What contradicts itself ends the program with one line."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not 1 <= given.events <= MOST_EVENTS or given.rate <= 0 or given.kills < 0:
        parser.error(f"events: 1 to {MOST_EVENTS}; rate: more than 0; kills: 0 or more")
    if given.seed is None:
        given.seed = random.SystemRandom().randrange(1_000_000)
    options = Options(**vars(given))
    return replace(options, events=300, rate=30.0, kills=1) if options.short else options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    add = parser.add_argument
    add("--events", type=int, default=2_000, help=f"up to {MOST_EVENTS:,}")
    add("--rate", type=float, default=50.0, help="events a second")
    add("--seed", type=int, help="of the kills, the orders and the merchants; printed")
    add("--kills", type=int, default=5, help="of each process")
    add("--scenario", type=Scenario, choices=list(Scenario), default=Scenario.KILLS)
    add("--outage", dest="outage_s", type=float, default=60.0, help="seconds without Temporal")
    add_engine_option(parser)
    add("--short", action="store_true", help="300 events at 30 a second, one kill of each")
    add("--json", type=Path, metavar="FILE", help="write the result there too")
    add("--keep", type=Path, metavar="FOLDER", help="leave databases and logs there")
    return parser
