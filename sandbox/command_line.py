"""What the sandbox's programs share: saying, stopping, and explaining a wrong option."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def explained(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Make argparse show what a parser's ValueError says."""

    def parse_option(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parse_option


async def until_stopped() -> None:
    """Wait for Ctrl-C or a TERM signal; for programs that run by themselves."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def say(line: str) -> None:
    """Write one line to standard output at once, so that a parent process can read it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
