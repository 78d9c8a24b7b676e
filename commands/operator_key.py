"""The operator's API key: from the settings, or from a file in the data folder."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from contracts.errors import ConfigurationError
from settings import Settings

_NAME = "operator-key"
_LEAST_CHARACTERS = 16


def key_file(settings: Settings) -> Path:
    """Where the key lies that `doorstep up` made."""
    return settings.data_dir / _NAME


def with_operator_key(settings: Settings) -> Settings:
    """The settings with the key out of the file, where they have none and there is a file."""
    if settings.operator_key is not None or not key_file(settings).exists():
        return settings
    return settings.model_copy(update={"operator_key": SecretStr(_read(key_file(settings)))})


def require_operator_key(settings: Settings) -> str:
    """The key itself. ConfigurationError when there is none."""
    key = with_operator_key(settings).operator_key
    if key is None:
        raise ConfigurationError(
            f"DOORSTEP_OPERATOR_KEY is not set and there is no {key_file(settings)}: "
            "set it, or let `doorstep up` make one"
        )
    return key.get_secret_value()


def make_operator_key(settings: Settings) -> Settings:
    """The settings with a key, made and kept in a file that only its owner reads if need be."""
    if settings.operator_key is None and not key_file(settings).exists():
        descriptor = os.open(key_file(settings), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return with_operator_key(settings)


def _read(file: Path) -> str:
    key = file.read_text(encoding="utf-8").strip()
    if len(key) < _LEAST_CHARACTERS:
        raise ConfigurationError(f"{file}: the key in it is too short; delete the file")
    return key
