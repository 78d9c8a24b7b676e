"""This machine: its Python, the data folder, the keys in it, the certificate authorities."""

import sys
from pathlib import Path

from activities.trust_store import authorities, trusted_context
from commands.doctor.checks import Check, Finding
from commands.operator_key import key_file, with_operator_key
from contracts.errors import ConfigurationError, DoorstepError
from settings import Settings
from store.encryption.key_file import NAME as KEY_FILE
from store.encryption.key_file import keyring_of
from store.encryption.keyring import Keyring

_OLDEST_PYTHON = (3, 11)


def check_machine(settings: Settings) -> list[Check]:
    """Everything that is there before a database is."""
    return [
        _python(),
        _data_folder(settings),
        _operator_key(settings),
        _encryption_keys(settings),
        check_authorities(settings),
    ]


def keyring_if_any(settings: Settings) -> Keyring | None:
    """The keys of the settings, where there are any. None is made."""
    setting, folder = settings.key_source
    if _none_is_made_yet(settings):
        return None
    try:
        return keyring_of(setting, folder)
    except DoorstepError:
        return None


def check_authorities(settings: Settings) -> Check:
    """Whether a worker has any certificate authority to check endpoints by."""
    name = "authorities"
    try:
        context = trusted_context(str(settings.ca_file) if settings.ca_file else None)
    except ConfigurationError as error:
        advice = "until then no worker starts, for https endpoints would all fail with `tls`"
        return Check(name, Finding.MISSING, str(error), advice)
    count = authorities(context)
    return Check(name, Finding.OK, f"{count} certificate authorities that endpoints may use")


def _python() -> Check:
    seen = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= _OLDEST_PYTHON:
        return Check("Python", Finding.OK, seen)
    return Check("Python", Finding.MISSING, seen, "use Python 3.11 or newer")


def _data_folder(settings: Settings) -> Check:
    folder = settings.data_dir.absolute()
    if folder.is_dir():
        if not _is_open(folder):  # whatever lies in it: nobody comes that far
            return Check("data folder", Finding.OK, str(folder))
        open_to_others = sorted(one.name for one in (folder, *folder.iterdir()) if _is_open(one))
        seen = f"{folder}: others on this machine may read {', '.join(open_to_others[:5])}"
        return Check("data folder", Finding.NOTE, seen, f"chmod -R go= {folder}")
    return Check("data folder", Finding.NOTE, f"{folder} is not there", "`doorstep up` makes it")


def _is_open(path: Path) -> bool:
    """Whether anybody but its owner may do anything with it."""
    try:
        return bool(path.stat().st_mode & 0o077)
    except FileNotFoundError:
        return False


def _operator_key(settings: Settings) -> Check:
    if settings.operator_key is not None:
        return Check("operator key", Finding.OK, "set in DOORSTEP_OPERATOR_KEY")
    if with_operator_key(settings).operator_key is not None:
        return Check("operator key", Finding.OK, f"in the file {key_file(settings)}")
    return Check(
        "operator key",
        Finding.MISSING,
        "none",
        "set DOORSTEP_OPERATOR_KEY (16 characters or more), or let `doorstep up` make one",
    )


def _encryption_keys(settings: Settings) -> Check:
    name, (setting, folder) = "encryption keys", settings.key_source
    if _none_is_made_yet(settings):
        return Check(
            name, Finding.NOTE, "none yet", "`doorstep up` or `doorstep migrate` makes one"
        )
    try:
        keyring = keyring_of(setting, folder)
    except DoorstepError as error:
        advice = "set DOORSTEP_ENCRYPTION_KEYS; docs/security.md says how keys are made and kept"
        return Check(name, Finding.MISSING, str(error), advice)
    where = "DOORSTEP_ENCRYPTION_KEYS" if setting is not None else f"the file {KEY_FILE}"
    return Check(name, Finding.OK, f"{', '.join(keyring.ids)} in {where}; the first encrypts")


def _none_is_made_yet(settings: Settings) -> bool:
    """Whether the embedded database's first key is still to be made."""
    setting, folder = settings.key_source
    return setting is None and folder is not None and not (folder / KEY_FILE).exists()
