"""Activities are tested on SQLite: what differs between stores is tested in tests/store."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database
from tests.support.encryption import KEYRING
from tests.support.shelf import Shelf


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh, migrated SQLite database."""
    database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'doorstep.db')}", KEYRING)
    yield database
    database.close()


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """The database with short ways to fill it."""
    return Shelf(database)


@pytest.fixture(autouse=True)
def _plain_twilio(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edge or a region would lead the official client past its base URL."""
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)
