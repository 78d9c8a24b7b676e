"""`python -m compatibility check | write | release`.

`check` says what would break a partner, and which generated files are out of date; `write` brings
those up to date; `release` freezes the schema of the day, which is then what `check` compares with.
"""

import shutil
import sys
from collections.abc import Callable, Mapping

from compatibility.files import CURRENT, RELEASED, generated, outdated, released_schema
from compatibility.rules import broken_promises
from compatibility.second_opinion import is_compatible
from contracts.payload.schema import payload_schema

_WHAT_TO_DO = (
    "Within schema 1.x fields are only added. Take the change back, or give it a field of its own."
)


def check() -> int:
    """Exit code 1 when a partner would break, or a committed file is out of date."""
    broken = _broken()
    if broken:
        _say("The payload schema would break partners who read the released one:", broken)
        _say(_WHAT_TO_DO)
        return 1
    late = outdated()
    if late:
        _say("These files are not what the code gives; run: make schema", late)
        return 1
    return 0


def write() -> int:
    """Write the generated files anew."""
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def release() -> int:
    """Freeze the schema of the day, unless it breaks what was released before."""
    failed = check()
    if not failed:
        shutil.copyfile(CURRENT, RELEASED)
    return failed


def _broken() -> list[str]:
    """Our own rules first, which name the path; then what only the library sees."""
    released, proposed = released_schema(), payload_schema()
    broken = broken_promises(released, proposed)
    if broken or is_compatible(released, proposed):
        return broken
    return ["jsoncompat finds a break that our rules do not name: compare the two files"]


def _say(line: str, items: list[str] | None = None) -> None:
    sys.stderr.write("\n  ".join([line, *(items or [])]) + "\n")


COMMANDS: Mapping[str, Callable[[], int]] = {"check": check, "write": write, "release": release}

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in COMMANDS:
        sys.exit(f"usage: python -m compatibility {' | '.join(COMMANDS)}")
    sys.exit(COMMANDS[name]())
