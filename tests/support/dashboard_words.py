"""Words of the dashboard out of another folder, for as long as a test lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import dashboard
from dashboard import pages, translations

WORDS = Path(dashboard.__file__).parent / "words"


@contextmanager
def words_out_of(folder: Path) -> Iterator[None]:
    """Words and templates are read anew out of this folder, and afterwards out of ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translations, "_FOLDER", folder)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for kept in (translations.languages, translations.words_in, pages._environment):
        kept.cache_clear()
