"""Loading code: for good, and without holding up who is at work."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import active_count, get_native_id

import pytest

from commands.loading import load_for_good

MODULE = "a_module_to_load"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    sys.modules.pop(MODULE, None)
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a module that nobody has loaded yet."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / f"{MODULE}.py"


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, get_native_id())


def test_what_was_loaded_is_never_looked_at_again(source: Path) -> None:
    source.write_text("import gc\nloaded = [object(), []]\ncollects = gc.isenabled()\n")
    load_for_good(MODULE)
    module = sys.modules[MODULE]
    assert not module.collects
    assert not any(one is module.loaded for one in gc.get_objects())


def test_what_comes_later_is_collected_as_ever(source: Path) -> None:
    source.touch()
    load_for_good(MODULE)
    later: list[object] = []
    assert gc.isenabled()
    assert any(one is later for one in gc.get_objects())


def test_loading_yields_and_what_comes_after_does_not(source: Path) -> None:
    source.write_text(
        "import os, threading\n"
        "niceness = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())\n"
    )
    before, threads = niceness(), active_count()
    load_for_good(MODULE)
    assert sys.modules[MODULE].niceness > before
    assert niceness() == before
    assert active_count() == threads


def test_what_loading_raises_is_raised(source: Path) -> None:
    source.write_text("raise LookupError('not here')\n")
    with pytest.raises(LookupError, match="not here"):
        load_for_good(MODULE)
    assert gc.isenabled()
