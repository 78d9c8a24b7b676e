"""The operator's key: made once, readable by its owner only, the setting goes first."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from commands.operator_key import key_file, make_operator_key, require_operator_key
from contracts.errors import ConfigurationError
from settings import Settings


def test_it_is_made_once_and_used_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    made = make_operator_key(settings)
    assert made.operator_key is not None
    assert require_operator_key(settings) == made.operator_key.get_secret_value()
    assert make_operator_key(settings).operator_key == made.operator_key


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    make_operator_key(Settings(data_dir=tmp_path))
    assert stat.S_IMODE(key_file(Settings(data_dir=tmp_path)).stat().st_mode) == 0o600


def test_the_setting_goes_first_and_no_file_is_made(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, operator_key=SecretStr("a-key-of-our-own"))
    assert require_operator_key(make_operator_key(settings)) == "a-key-of-our-own"
    assert not key_file(settings).exists()


def test_without_any_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="`doorstep up` make one"):
        require_operator_key(Settings(data_dir=tmp_path))


def test_a_file_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    key_file(settings).write_text("abc")
    with pytest.raises(ConfigurationError, match="too short"):
        require_operator_key(settings)
