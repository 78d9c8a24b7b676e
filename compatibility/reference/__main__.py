"""`python -m compatibility.reference check | write`.

`check` says whether the committed page is what the code gives; `write` brings it up to date.
"""

import sys
from contextlib import AbstractAsyncContextManager

from api.app import create_app
from api.dependencies import Parts
from compatibility.files import ROOT
from compatibility.reference.page import ReferencePage

PAGE = ROOT / "docs" / "api-reference.md"


def _never_opened() -> AbstractAsyncContextManager[Parts]:
    raise AssertionError("nothing is served")


def main(arguments: list[str]) -> str | None:
    """Do what is asked; gives what is wrong."""
    text = ReferencePage(create_app(_never_opened).openapi()).text()
    if arguments == ["write"]:
        PAGE.write_text(text, encoding="utf-8")
    elif arguments != ["check"]:
        return "usage: python -m compatibility.reference check | write"
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        return f"{PAGE.relative_to(ROOT)} is not what the code gives; run: make schema"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
