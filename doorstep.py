"""The installed program. In a wheel this file is the package `doorstep`, and all the others lie in
its folder, so that no `api`, `store` or `settings` of ours meets another package's."""

import sys
from pathlib import Path
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, with our own folder first on the path."""
    sys.path.insert(0, str(Path(__file__).parent))
    from cli import main as run

    run()
