"""Whom the embedded PostgreSQL runs as.

PostgreSQL refuses to run as root. Root runs it in a user namespace, where the same files belong to
an ordinary user; where namespaces are forbidden, as the system's user `nobody`.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from contracts.errors import ConfigurationError


class ServerUser:
    """Whom the server runs as. `uid` owns its files, seen from outside."""

    def __init__(self, prefix: Sequence[str], uid: int) -> None:
        self.prefix = prefix
        self._uid = uid

    def own(self, folder: Path) -> None:
        """Give it a folder and all that is in it, where they are somebody else's."""
        if folder.stat().st_uid == self._uid:
            return
        if self._uid != os.geteuid():  # it must get through to it
            folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
        for each in (folder, *folder.rglob("*")):
            os.chown(each, self._uid, -1, follow_symlinks=False)


def server_user(folder: Path, server: Path) -> ServerUser:
    """Ourselves, or where we are root an ordinary user. ConfigurationError where root can be
    nobody else."""
    if os.geteuid() != 0:
        return ServerUser((), os.geteuid())
    ordinary = _ordinary_user()
    leash = ("--pdeathsig", "KILL", "--")  # a change of user takes the first one off
    inside = ("unshare", "--user", f"--map-user={ordinary}", f"--map-group={ordinary}", "--")
    for user in (
        ServerUser((*inside, "setpriv", *leash), 0),
        ServerUser(("setpriv", f"--reuid={ordinary}", "--clear-groups", *leash), ordinary),
    ):
        if _runs([*user.prefix, str(server), "--version"]):
            return ServerUser((str(shutil.which(user.prefix[0])), *user.prefix[1:]), user._uid)
    raise ConfigurationError(
        "PostgreSQL does not run as root, and neither in a user namespace nor as another user "
        "here: run Doorstep as an ordinary user, or set DOORSTEP_DATABASE_URL to a server of "
        f"your own (the data folder is {folder})"
    )


def _ordinary_user() -> int:
    """`nobody`, or else the first user that is not root: initdb looks its name up."""
    with suppress(KeyError):
        return pwd.getpwnam("nobody").pw_uid
    return next(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid)


def _runs(command: Sequence[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell
    except OSError:
        return False
    return done.returncode == 0
