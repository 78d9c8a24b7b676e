"""Loads a backup with PostgreSQL's own programs, in one transaction with the marks of a restore."""

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from commands.backup import what_failed
from commands.errors import CommandFailed
from commands.postgres_programs import Reached

_AS_THEY_COME = ("--no-owner", "--no-privileges", "--file=-")
"""The tables belong to whoever restores them: roles are not in the backup."""

_AS_BEFORE = "RESET search_path"
"""Which the backup's script takes away."""


def load_backup(programs: Path, database: Reached, file: Path, marks: Sequence[str]) -> None:
    """All of the backup and the marks, or nothing. CommandFailed says what was in the way."""
    with TemporaryFile() as read_said, TemporaryFile() as load_said:
        reader = subprocess.Popen(  # noqa: S603 - PostgreSQL's own programs, no shell
            [str(programs / "pg_restore"), *_AS_THEY_COME, str(file)],
            stdout=subprocess.PIPE,
            stderr=read_said,
        )
        loader = subprocess.Popen(  # noqa: S603 - as above
            [
                *(str(programs / "psql"), "--no-psqlrc", "--quiet", "--no-password"),
                *("--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--dbname={database.conninfo}"),
            ],
            stdin=subprocess.PIPE,
            stderr=load_said,
            env=dict(database.environment),
        )
        assert reader.stdout is not None and loader.stdin is not None  # noqa: PT018,S101 - pipes
        is_read = _passed_on(reader, reader.stdout, loader.stdin, marks)
        if loader.wait() != 0:
            raise CommandFailed(f"the backup was not restored: {_said(load_said)}")
        if not is_read:
            raise CommandFailed(f"{file} cannot be read: {_said(read_said)}")


def _passed_on(
    reader: "subprocess.Popen[bytes]", backup: IO[bytes], script: IO[bytes], marks: Sequence[str]
) -> bool:
    """Whether all of the backup was read. Without the COMMIT at its end nothing is kept."""
    is_read = False
    with suppress(BrokenPipeError), backup, script:  # the loader has met an error, and says which
        script.write(b"BEGIN;\n")
        shutil.copyfileobj(backup, script)
        if reader.wait() == 0:
            script.write("".join(f"{each};\n" for each in (_AS_BEFORE, *marks)).encode())
            script.write(b"COMMIT;\nANALYZE;\n")
            is_read = True
    reader.wait()
    return is_read


def _said(file: IO[bytes]) -> str:
    file.seek(0)
    return what_failed(file.read().decode(errors="replace"))
