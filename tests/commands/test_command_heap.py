"""What is kept of a process's start: no collection meanwhile, and none walks through it later."""

import gc
from collections.abc import Iterator

import pytest

from commands.heap import kept_for_good


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_loaded_inside_is_never_looked_at_again() -> None:
    with kept_for_good():
        loaded = [object(), []]
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    assert not any(one is loaded for one in gc.get_objects())


def test_what_comes_later_is_collected_as_ever() -> None:
    with kept_for_good():
        pass
    later: list[object] = []
    assert any(one is later for one in gc.get_objects())


def test_a_failed_start_leaves_the_collector_at_work() -> None:
    with pytest.raises(RuntimeError), kept_for_good():
        raise RuntimeError
    assert gc.isenabled()
