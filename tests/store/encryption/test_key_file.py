"""The keys of the embedded database: made once, for their owner only, whoever starts first."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from contracts.errors import ConfigurationError
from store.encryption.key_file import NAME, keyring_of, write_keys
from store.encryption.keyring import Keyring, new_key

PLACE = b"here"


def test_the_embedded_database_makes_one_and_finds_it_again(tmp_path: Path) -> None:
    sealed = keyring_of(None, tmp_path / "data").seal(b"x", PLACE)
    assert keyring_of(None, tmp_path / "data").open(sealed, PLACE) == b"x"
    file = tmp_path / "data" / NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [one.name for one in file.parent.iterdir()] == [NAME]


def test_processes_that_start_in_the_same_moment_agree(tmp_path: Path) -> None:
    at_once = 8
    barrier = Barrier(at_once)

    def start(_: int) -> Keyring:
        barrier.wait()
        return keyring_of(None, tmp_path)

    with ThreadPoolExecutor(at_once) as threads:
        rings = list(threads.map(start, range(at_once)))
    sealed = rings[0].seal(b"x", PLACE)
    assert [ring.open(sealed, PLACE) for ring in rings] == [b"x"] * at_once
    assert [one.name for one in tmp_path.iterdir()] == [NAME]


def test_any_other_database_makes_none() -> None:
    with pytest.raises(ConfigurationError, match="DOORSTEP_ENCRYPTION_KEYS is not set") as caught:
        keyring_of(None, None)
    assert "\n" not in str(caught.value)


def test_the_setting_comes_before_the_file(tmp_path: Path) -> None:
    ring = keyring_of(new_key("mine").as_setting(), tmp_path)
    assert ring.ids == ("mine",)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("k1:marker")
    with pytest.raises(ConfigurationError) as caught:
        keyring_of(None, tmp_path)
    assert "marker" not in str(caught.value)
    assert (tmp_path / NAME).read_text() == "k1:marker"


def test_keys_are_written_over_only_where_that_is_asked_for(tmp_path: Path) -> None:
    first, second = new_key("k1").as_setting(), new_key("k2").as_setting()
    write_keys(tmp_path / NAME, first, over=True)
    write_keys(tmp_path / NAME, second, over=False)
    assert keyring_of(None, tmp_path).ids == ("k1",)
    write_keys(tmp_path / NAME, second, over=True)
    assert keyring_of(None, tmp_path).ids == ("k2",)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
