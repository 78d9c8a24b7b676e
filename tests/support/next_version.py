"""The version after this one: a copy of the product whose events say which version accepted them.

It has a migration that adds a column, an index and the values of the rows that are there; code that
writes the column; and by the tables, every query that reads an event reads it.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.migrations import NEXT, write_migration

THIS, OTHER = "this", "next"
_ROOT = Path(__file__).parents[2]
_NOT_THE_PRODUCT = ("benchmarks", "compatibility", "deploy", "docs", "tests", ".*", "__pycache__")

_CHANGES = (
    (
        "store/tables/events.py",
        "    traceparent: str | None = None\n",
        "    traceparent: str | None = None\n    accepted_by: str | None = None\n",
    ),
    (
        "store/events/event_rows.py",
        '"reason_category", "return_type"),\n',
        '"reason_category", "return_type", "accepted_by"),\n',
    ),
    (
        "store/events/event_rows.py",
        '            "traceparent": traceparents.get(event.event_id),\n',
        (
            '            "traceparent": traceparents.get(event.event_id),\n'
            f'            "accepted_by": "{OTHER}",\n'
        ),
    ),
)
_MIGRATION = f"""
steps.add_column("events", "accepted_by varchar")
steps.index_concurrently("ix_events_accepted_by", "events", "(accepted_by, accepted_at)")
steps.back_fill(
    "events", key="event_id", assign="accepted_by = '{THIS}'", where="accepted_by IS NULL", rows=20
)
"""


@dataclass(frozen=True)
class Version:
    """A version of the product, by the folder that it is in."""

    name: str
    root: Path

    def command(self, *arguments: str) -> Sequence[str]:
        """Its `doorstep`."""
        run = f"import sys; sys.path.insert(0, {str(self.root)!r}); import doorstep"
        return [sys.executable, "-P", "-c", f"{run}; doorstep.main()", *arguments]


def this_version() -> Version:
    """The product as it is."""
    return Version(THIS, _ROOT)


def next_version(folder: Path) -> Version:
    """Make it in a folder."""
    root = folder / "next"
    shutil.copytree(_ROOT, root, ignore=shutil.ignore_patterns(*_NOT_THE_PRODUCT))
    for name, before, after in _CHANGES:
        text = (root / name).read_text()
        assert text.count(before) == 1, f"{name} no longer has {before!r}"
        (root / name).write_text(text.replace(before, after))
    write_migration(root / "store" / "migrations" / "versions", _MIGRATION, revision=NEXT)
    return Version(OTHER, root)
