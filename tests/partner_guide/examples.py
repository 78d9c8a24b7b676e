"""Which receivers the documents have, and what each runs with."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.deployment.deployment_files import DOCS, code_blocks
from tests.support.programs import NotInstalled, find_program

HERE = Path(__file__).parent
NODE_PACKAGES = HERE / "node"

_LANGUAGES = {".py": "python", ".mjs": "js", ".php": "php"}


@dataclass(frozen=True)
class Example:
    """A program in a section of a document, and the name under which a reader saves it.

    `quick`: it starts at once, with nothing but what the tests run on.
    """

    document: str
    heading: str
    file: str
    quick: bool = False

    @property
    def name(self) -> str:
        """What a test calls it."""
        return f"{self.document.removesuffix('.md')} {self.heading.strip('# ')}"

    @property
    def code(self) -> str:
        """The program."""
        section = (DOCS / self.document).read_text().split(f"\n{self.heading}\n")[1]
        found = code_blocks(section, _LANGUAGES[Path(self.file).suffix])[0]
        assert f"`{self.file}`" in section.split("```")[0], "the page names another file"
        return found


RECEIVERS = (
    Example("webhooks-for-partners.md", "### Python", "receiver.py", quick=True),
    Example("webhooks-for-partners.md", "### Node", "receiver.mjs"),
    Example("receivers.md", "## Python", "receiver.py", quick=True),
    Example("receivers.md", "## Flask", "receiver.py"),
    Example("receivers.md", "## FastAPI", "receiver.py"),
    Example("receivers.md", "## Node", "receiver.mjs"),
    Example("receivers.md", "## Express", "receiver.mjs"),
    Example("receivers.md", "## PHP", "receiver.php"),
)


class Programs:
    """Interpreters, with packages as they are locked; each is looked for when it is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def command(self, example: Example, port: int) -> Sequence[str]:
        """How a reader runs this receiver, saved where its packages are found."""
        match Path(example.file).suffix:
            case ".py":
                python = self.flask_python if "Flask" in example.heading else sys.executable
                return [python, self._saved(example, self._folder)]
            case ".mjs":
                is_bare = "standardwebhooks" not in example.code
                folder = self._folder if is_bare else self.node_packages
                return [program("node"), self._saved(example, folder)]
            case _:
                file = self._saved(example, self._folder)
                return [program("php"), "-S", f"127.0.0.1:{port}", file]

    @cached_property
    def node_packages(self) -> Path:
        """A folder in which Node finds the receivers' packages."""
        folder = self._folder / "node"
        shutil.copytree(NODE_PACKAGES, folder)
        install = [program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=folder, check=True)
        return folder

    @cached_property
    def flask_python(self) -> str:
        """A Python with what the Flask receiver installs."""
        environment = self._folder / "python"
        python, uv = str(environment / "bin/python"), str(Path(sys.executable).parent / "uv")
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, environment], check=True)
        install = [uv, "pip", "install", "-q", "--require-hashes", "--python", python]
        locked = HERE / "python" / "requirements.lock"
        subprocess.run([*install, "-r", str(locked)], check=True)
        return python

    def _saved(self, example: Example, folder: Path) -> str:
        file = folder / example.name.replace(" ", "-") / example.file
        file.parent.mkdir(exist_ok=True)
        file.write_text(example.code)
        return str(file)


def program(name: str) -> str:
    """A program of this machine; a test that lacks it fails and says so."""
    try:
        return find_program(name)
    except NotInstalled as missing:
        pytest.fail(str(missing))
