"""`python -m compatibility.migrations`: whether the migrations can be applied beside running
processes of the version before.

The first one makes the tables and is applied to nothing. Of each after it, the SQL that Alembic
writes goes through squawk, and through the rules below, which squawk does not have.
"""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from alembic import command
from alembic.script import Script, ScriptDirectory

from store.db.migrate import VERSIONS, alembic_config
from store.db.revisions import floor_statement
from store.migrations.steps import Contraction

_SQUAWK = Path(sys.executable).parent / "squawk"
_POSTGRES = "18.0"

_NOT_OURS = (
    "require-statement-timeout",  # a step takes as long as it takes; what counts is its lock
    "prefer-bigint-over-int",  # style: no lock, no client
    "prefer-bigint-over-smallint",
    "prefer-text-field",
    "prefer-identity",
)
_TAKES_AWAY = ("ban-drop-column", "ban-drop-table", "ban-drop-constraint", "ban-drop-not-null")
"""What only a contraction does."""

_IN_A_LATER_RELEASE = " Take it away in a later release, in a file that declares a `contraction`."

_CAN_BE_REPEATED = re.compile(r"SET NOT NULL|VALIDATE CONSTRAINT|ADD CONSTRAINT .* NOT VALID")
"""Squawk does not know it: add_constraint looks first whether the constraint is there."""

_STOPS_NOBODY = "SHARE UPDATE EXCLUSIVE"
"""Readers and writers pass by who waits for this lock, however long."""

_WHOLE_TABLE = re.compile(r"^(?:UPDATE|DELETE FROM) (?!alembic_version\b)\w+", re.MULTILINE)
_RELEASE = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def faults(versions: Sequence[Path] = (VERSIONS,), release: str | None = None) -> list[str]:
    """What is wrong with the migrations in these folders. `release` is the one being made."""
    config = alembic_config(versions)
    scripts = [*ScriptDirectory.from_config(config).walk_revisions()][::-1]
    found = []
    for before, script in pairwise(scripts):
        buffer = config.output_buffer = io.StringIO()
        command.upgrade(config, f"{before.revision}:{script.revision}", sql=True)
        said = [*_of_the_file(script, before, release or version("doorstep"), buffer.getvalue())]
        found += [f"{Path(script.path).name}: {one}" for one in said]
    return found


def _of_the_file(script: Script, before: Script, release: str, sql: str) -> Iterator[str]:
    contraction: Contraction | None = getattr(script.module, "contraction", None)
    if script.revision != f"{int(before.revision) + 1:04}":
        yield f"revision is {script.revision!r}, after {before.revision!r}: number them in order"
    for statement in _WHOLE_TABLE.findall(sql):
        yield f"{statement}: locks every row until its end: use back_fill"
    if contraction is not None:
        yield from _of_the_contraction(contraction, script.revision, release, sql)
    yield from _by_squawk(sql, () if contraction is None else _TAKES_AWAY)


def _of_the_contraction(
    contraction: Contraction, revision: str, release: str, sql: str
) -> Iterator[str]:
    if not contraction.of <= contraction.readable_from < revision:
        yield (
            f"contraction: of {contraction.of}, readable from {contraction.readable_from}: "
            f"name migrations before {revision}, in this order"
        )
    if not _RELEASE.fullmatch(contraction.unread_since):
        yield f"contraction: unread_since is {contraction.unread_since!r}: name a release, as 1.2.0"
    elif _numbers(contraction.unread_since) >= _numbers(release):
        yield (
            f"contraction: unread since {contraction.unread_since}, but this is {release}: the "
            "processes that it replaces still read what it takes away"
        )
    if floor_statement(contraction.readable_from) not in sql.split("DROP")[0]:
        yield "contraction: let contract(contraction) be the first step"


def _by_squawk(sql: str, allowed: Sequence[str]) -> Iterator[str]:
    """What squawk finds, each with its statement."""
    excluded = ",".join((*_NOT_OURS, *allowed))
    ran = subprocess.run(  # noqa: S603 - our own words only
        [_SQUAWK, "--pg-version", _POSTGRES, "--exclude", excluded, "--reporter", "json"],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = sql.splitlines()
    for one in json.loads(ran.stdout):
        rule, statement, said = one["rule_name"], lines[one["line"]], one["message"]
        if rule == "require-lock-timeout" and _STOPS_NOBODY in said:
            continue
        if rule == "prefer-robust-stmts" and _CAN_BE_REPEATED.search(statement):
            continue
        yield f"{rule}: {statement} {said}{_IN_A_LATER_RELEASE if rule in _TAKES_AWAY else ''}"


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))


def main() -> int:
    """Print what is wrong; 1 where something is."""
    found = faults()
    sys.stderr.write("".join(f"{one}\n" for one in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
