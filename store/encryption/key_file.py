"""The encryption keys of the embedded database: a file in its data folder, made once."""

import contextlib
import os
import tempfile
from pathlib import Path

from contracts.errors import ConfigurationError
from store.encryption.keyring import Keyring, new_key, parse_keys

NAME = "encryption-keys"


def keyring_of(setting: str | None, folder: Path | None) -> Keyring:
    """The keyring of a process: out of its setting, or out of the embedded database's folder.

    `folder` is None for every other database: then a missing setting is a ConfigurationError,
    because a key that nobody kept would make the data unreadable for ever.
    """
    if setting is not None:
        return Keyring(parse_keys(setting))
    if folder is None:
        raise ConfigurationError(
            "DOORSTEP_ENCRYPTION_KEYS is not set, and with DOORSTEP_DATABASE_URL no key is made: "
            "set what `doorstep keys new-encryption-key` prints"
        )
    return Keyring(parse_keys(_read_or_make(folder / NAME)))


def write_keys(file: Path, setting: str, *, over: bool) -> None:
    """Write the file whole or not at all, for its owner only.

    Without `over` a file that is there stays as it is: whoever comes second reads the first's.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=f".{NAME}-", dir=file.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(setting + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        if over:
            Path(temporary).replace(file)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(temporary, file)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _read_or_make(file: Path) -> str:
    try:
        if not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_keys(file, new_key().as_setting(), over=False)
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file}: the encryption keys cannot be read ({type(error).__name__})"
        ) from None
