"""Migrations of tests, after the product's own, and a set-up step that can be killed."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent, indent

from store.db.migrate import VERSIONS, newest_revision

NEXT = f"{int(newest_revision()) + 1:04}"
"""The number of the migration that comes after the product's."""

AFTER_NEXT = f"{int(NEXT) + 1:04}"

_FILE = '''
"""A migration of tests."""

from alembic import op
from store.migrations import steps

revision = "{revision}"
down_revision = "{after}"
branch_labels = None
depends_on = None
{declared}


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
    pass
'''

_RUN = """
import sys
from pathlib import Path
from store.db.migrate import migrate
from tests.support.encryption import KEYRING
migrate(sys.argv[1], KEYRING, versions=[Path(one) for one in sys.argv[2:]])
"""


def write_migration(
    folder: Path, upgrade: str, *, revision: str = NEXT, declared: str = ""
) -> Sequence[Path]:
    """Write one, from the body of its `upgrade`; gives the folders that it is found in, with the
    product's."""
    text = _FILE.format(
        revision=revision,
        after=f"{int(revision) - 1:04}",
        declared=dedent(declared).strip(),
        upgrade=indent(dedent(upgrade).strip(), "    "),
    )
    (folder / f"{revision}_of_tests.py").write_text(text.lstrip())
    return [VERSIONS, folder]


@contextmanager
def migrating_process(url: str, versions: Sequence[Path]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that migrates; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, url, *map(str, versions)],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
