"""The embedded server, as `doorstep up` starts it."""

from collections.abc import Mapping, Sequence

from commands.temporal_server import server_command
from settings import Settings
from store.db.embedded import EmbeddedPostgres


class DevelopmentEngine:
    """Temporal's development server; its data is a SQLite file in the data folder."""

    description = "development server on SQLite"

    def __init__(self, settings: Settings, inner_ports: Sequence[int]) -> None:
        del inner_ports  # it finds them itself
        self.command: Sequence[str] = server_command(settings)
        self.environment: Mapping[str, str] = {}
        self.postgres = EmbeddedPostgres(settings.data_dir, settings.postgres_port)

    def prepare(self) -> None:
        """Nothing: it makes its file."""

    def make_namespace(self) -> None:
        """Nothing: it comes with its namespace."""
