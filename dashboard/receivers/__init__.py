"""Programs that take webhooks and check their signature, as docs/receivers.md has them."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
RECEIVERS = {"Python": "python", "Node": "node", "PHP": "php"}
"""The languages, and the files with their programs."""


@cache
def receivers() -> list[tuple[str, str]]:
    """Each language with its program."""
    return [(name, (_FOLDER / f"{file}.txt").read_text()) for name, file in RECEIVERS.items()]
