"""The table of cases from the field names tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/decisions/0023-what-the-field-does.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[^`]+)`", TABLE)))


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_holds_a_case_is_there(named: str) -> None:
    path, *names = named.split("::")
    source = (ROOT / path).read_text()
    for name in names:
        assert re.search(rf"^\s*(class|(async )?def) {name}\b", source, re.MULTILINE), named
