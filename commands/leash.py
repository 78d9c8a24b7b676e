"""Run a command that ends with the process that started it, even when that one is killed.

`python leash.py PARENT_PID COMMAND…` asks the Linux kernel to kill this process when its parent
dies, and becomes the command. Elsewhere it only becomes the command.

It is a program of its own because doing this between fork and exec is not safe in a process that
has threads, and it imports little so that it costs a few milliseconds.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Have this process killed when its parent dies; ends it at once if that has happened."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def main(arguments: Sequence[str]) -> None:
    """Become the command."""
    parent, *command = arguments
    end_with_parent(int(parent))
    os.execv(command[0], command)  # noqa: S606 - the supervisor's own command, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
