"""The folder of the embedded database and server."""

import os

from contracts.errors import ConfigurationError
from settings import Settings


def make_data_folder(settings: Settings) -> None:
    """Make it where it is missing, for its owner only: customers' data will lie in it."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"DOORSTEP_DATA_DIR: {settings.data_dir} cannot be made ({error.strerror})"
        ) from None
    if not os.access(settings.data_dir, os.W_OK | os.X_OK):
        raise ConfigurationError(f"DOORSTEP_DATA_DIR: {settings.data_dir} cannot be written to")
