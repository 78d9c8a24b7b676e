"""What a rig needs of a Temporal server, whichever it is."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from settings import Settings
from store.db.embedded import EmbeddedPostgres


class EngineKind(StrEnum):
    """`development`: the embedded server on SQLite. `production`: the one of the compose file."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Engine(Protocol):
    """A Temporal server that can be killed and started again, and still has its data.

    Its `postgres` is started first; then `prepare`, once; then `command`, as often as it takes;
    when it answers for the first time, `make_namespace`.
    """

    @property
    def description(self) -> str:
        """What it is, for a report."""

    @property
    def postgres(self) -> EmbeddedPostgres:
        """The PostgreSQL that has Doorstep's database, and where it needs one the engine's."""

    @property
    def command(self) -> Sequence[str]:
        """Its command line."""

    @property
    def environment(self) -> Mapping[str, str]:
        """What its process needs in its environment."""

    def prepare(self) -> None:
        """Make its databases, now that its PostgreSQL serves."""

    def make_namespace(self) -> None:
        """Make our namespace, where the server does not have it by itself."""


EngineFactory = Callable[[Settings, Sequence[int]], Engine]
"""Makes the engine of a rig; the numbers are free ports for whatever it listens on besides the
settings' own, `INNER_PORTS` of them."""

INNER_PORTS = 8
