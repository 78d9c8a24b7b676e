"""Serving the worker: what its process does without, so that one that died is back soon."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.extended


@pytest.mark.parametrize(
    ("loaded", "spared"),
    [
        ("commands.serve_worker", ["api", "fastapi", "uvicorn", "jinja2", "redis"]),
        ("commands.serve_api", ["worker", "redis"]),
    ],
)
def test_a_process_loads_only_what_it_serves_with(loaded: str, spared: list[str]) -> None:
    code = f"import sys, {loaded}; print(*sorted(set({spared!r}) & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""
