"""`doorstep keys rotate-encryption` and `new-encryption-key`, as an operator runs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.db.embedded import EmbeddedPostgres
from store.db.migrate import newest_revision
from store.encryption.keyring import new_key, parse_keys
from tests.commands.running import doorstep
from tests.support.encryption import KEY
from tests.support.postgres import serving_postgres

pytestmark = pytest.mark.extended


async def test_a_fresh_key_is_one_that_the_setting_takes(tmp_path: Path) -> None:
    ended = await doorstep("keys", "new-encryption-key", folder=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert len(parse_keys(ended.out.strip())) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a running embedded database with nothing in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    with serving_postgres(folder) as port:
        EmbeddedPostgres(folder, port).create_database()
        yield {"DOORSTEP_DATA_DIR": str(folder), "DOORSTEP_POSTGRES_PORT": str(port)}


async def test_the_embedded_database_gets_a_new_key(
    tmp_path: Path, embedded: dict[str, str]
) -> None:
    migrated = await doorstep("migrate", "--database-only", folder=tmp_path, **embedded)
    assert newest_revision() in migrated.out
    file = tmp_path / "data" / "encryption-keys"
    old = parse_keys(file.read_text().strip())
    ended = await doorstep("keys", "rotate-encryption", "--new-key", folder=tmp_path, **embedded)
    assert ended.code == 0, ended.err
    keys = parse_keys(file.read_text().strip())
    assert keys[1:] == old
    assert f"key {keys[0].id} is in front now" in ended.out
    assert f"nothing is under {old[0].id} any more" in ended.out
    file.write_text(keys[0].as_setting())
    again = await doorstep("keys", "rotate-encryption", folder=tmp_path, **embedded)
    assert again.code == 0
    assert again.out.strip() == f"0 values are sealed anew with key {keys[0].id}"


async def test_keys_out_of_the_setting_are_changed_by_hand(
    tmp_path: Path, own_database_url: str
) -> None:
    setting = {
        "DOORSTEP_DATABASE_URL": own_database_url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
    }
    ended = await doorstep("keys", "rotate-encryption", "--new-key", folder=tmp_path, **setting)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "DOORSTEP_ENCRYPTION_KEYS" in ended.err


async def test_without_the_old_key_it_says_which_one_is_missing(
    tmp_path: Path, own_database_url: str
) -> None:
    setting = {
        "DOORSTEP_DATABASE_URL": own_database_url,
        "DOORSTEP_ENCRYPTION_KEYS": new_key("k2").as_setting(),
    }
    ended = await doorstep("keys", "rotate-encryption", folder=tmp_path, **setting)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "sealed with key test" in ended.err
