"""Running `doorstep` for real, in a clean environment."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commands.system import doorstep_command

_OURS = ("DOORSTEP_", "OTEL_", "TEMPORAL_", "TWILIO_")


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


def clean_environment(**variables: str) -> dict[str, str]:
    """This environment with no setting of ours but the ones given."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return rest | variables


async def doorstep(*arguments: str, folder: Path, stdin: str = "", **variables: str) -> Finished:
    """Run `doorstep` in a folder and wait for its end."""
    process = await start_doorstep(*arguments, folder=folder, **variables)
    out, err = await process.communicate(stdin.encode())
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


async def start_doorstep(
    *arguments: str, folder: Path, **variables: str
) -> asyncio.subprocess.Process:
    """Start `doorstep` in a folder."""
    _, *words = doorstep_command(*arguments)
    return await start_python(*words, folder=folder, environment=variables)


async def start_python(
    *arguments: str, folder: Path, environment: Mapping[str, str]
) -> asyncio.subprocess.Process:
    """Start this Python with pipes."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env=clean_environment(**environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
