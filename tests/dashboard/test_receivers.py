"""The programs beside a secret are those of docs/receivers.md, which run in tests of their own."""

import pytest

from dashboard.receivers import receivers
from tests.deployment.deployment_files import DOCS, code_blocks

_FENCES = {"Python": "python", "Node": "js", "PHP": "php"}


@pytest.mark.parametrize(("name", "program"), receivers())
def test_they_are_those_of_the_document(name: str, program: str) -> None:
    section = (DOCS / "receivers.md").read_text().split(f"\n## {name}\n")[1]
    assert code_blocks(section, _FENCES[name])[0].strip() == program.strip()
