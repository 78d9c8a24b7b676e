"""Row locks: every one in the store is of a kind that foreign keys pass by."""

import ast
from collections.abc import Iterator
from pathlib import Path

import store

LOCK = "with_for_update"
KINDS = ("TO_CHANGE", "TO_CHANGE_IF_FREE", "TO_KEEP", "TO_CHANGE if wait else TO_CHANGE_IF_FREE")


def locks_in(tree: ast.Module) -> Iterator[tuple[int, bool]]:
    """The line of each lock, and whether foreign keys pass it by."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        named = {one.arg: ast.unparse(one.value) for one in node.keywords}
        if LOCK in named:
            yield node.lineno, named[LOCK] in KINDS
        if isinstance(node.func, ast.Attribute) and node.func.attr == LOCK:
            yield node.lineno, named.get("key_share") == "True"


def test_no_lock_stands_in_the_way_of_a_foreign_key() -> None:
    found = [
        (f"{path.name}:{line}", passes)
        for path in sorted(Path(store.__file__).parent.rglob("*.py"))
        for line, passes in locks_in(ast.parse(path.read_text()))
    ]
    assert len(found) > 30
    assert [place for place, passes in found if not passes] == [], "see store/db/row_locks.py"


def test_a_stronger_one_is_found() -> None:
    tree = ast.parse("a(with_for_update=True)\nb.with_for_update()\nb.with_for_update(read=True)")
    assert [passes for _, passes in locks_in(tree)] == [False, False, False]
