"""What can be known of the image without a container engine: its sources, its wheel, its locks."""

import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import requires
from pathlib import Path, PurePath

import pytest

from commands.system import doorstep_command
from settings import variable_names
from tests.deployment.deployment_files import DOCKERFILE, ROOT, ROOT_MODULES

_FETCHED_OR_MADE = {"__pycache__", "fonts", "node_modules"}
_NOT_INSTALLED = {"benchmarks", "compatibility", "tests"}
_LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "benchmarks/engine/requirements.lock",
    "tests/peers/kubernetes/requirements.lock",
]
_ADDRESS = re.compile(r"https?://|--index|--find-links|--extra|@ file|git\+", re.IGNORECASE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel that is built from the build context, as in stage 1."""
    context = tmp_path_factory.mktemp("context")
    for file in _build_context():
        (context / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, context / file)
    built = tmp_path_factory.mktemp("wheels")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(built)],
        cwd=context,
        check=True,
        capture_output=True,
    )
    [wheel] = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the lock and the wheel, and nothing else."""
    environment = tmp_path_factory.mktemp("image") / "environment"
    uv, lock = str(Path(sys.executable).parent / "uv"), str(ROOT / "requirements.lock")
    made_by = ["--python", sys.executable, str(environment)]
    subprocess.run([uv, "venv", "--quiet", *made_by], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(environment)]
    subprocess.run([*install, "--require-hashes", "--requirement", lock], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    subprocess.run([uv, "pip", "check", "--python", str(environment)], check=True)
    return environment / "bin"


class TestTheDockerfile:
    def test_every_source_that_is_copied_exists(self) -> None:
        for source in _copied_from_the_context():
            assert (ROOT / source).exists(), source

    def test_every_base_has_an_exact_version(self) -> None:
        bases = re.findall(r"^FROM (\S+)", DOCKERFILE.read_text(), flags=re.MULTILINE)
        assert bases == ["node:24.11.1-trixie-slim", *["python:3.11.15-slim-trixie"] * 2]

    def test_the_fonts_are_fetched_with_their_hashes_and_run_nothing(self) -> None:
        [fetched] = re.findall(r"^RUN npm ([^&]+)", DOCKERFILE.read_text(), flags=re.MULTILINE)
        assert fetched.split() == ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        lock = json.loads((ROOT / "dashboard/typefaces/package-lock.json").read_text())
        fonts = [one for name, one in lock["packages"].items() if name]
        assert len(fonts) == 4
        assert all(one["integrity"].startswith("sha512-") for one in fonts)
        assert {one["license"] for one in fonts} == {"OFL-1.1"}
        assert not any("resolved" in one for one in fonts)

    def test_everything_is_installed_with_its_hashes_or_without_dependencies(self) -> None:
        installs = re.findall(r"pip (?:--python \S+ )?install ([^\n&]+)", DOCKERFILE.read_text())
        assert len(installs) == 3
        for options in installs:
            assert "--require-hashes" in options or "--no-deps" in options

    def test_it_does_not_run_as_root(self) -> None:
        lines = DOCKERFILE.read_text().splitlines()
        assert lines.index("USER doorstep") < lines.index('ENTRYPOINT ["doorstep"]')
        assert any(line.startswith("RUN useradd") for line in lines)

    def test_it_sets_known_settings_only(self) -> None:
        [environment] = re.findall(r"^ENV (.*)$", DOCKERFILE.read_text(), flags=re.MULTILINE)
        names = {pair.partition("=")[0] for pair in environment.split()}
        assert names - {"PATH", "PYTHONUNBUFFERED"} <= set(variable_names())

    def test_its_last_stage_gets_what_was_installed_and_nothing_that_installed_it(self) -> None:
        last = DOCKERFILE.read_text().rpartition("\nFROM ")[2]
        assert "pip" not in last
        [environment] = re.findall(r"^RUN python -m venv .* (/\S+)$", DOCKERFILE.read_text(), re.M)
        assert re.findall(r"^COPY (.*)$", last, re.M) == [
            f"--from=build {environment} {environment}"
        ]
        assert f"ENV PATH={environment}/bin:$PATH " in last


class TestTheBuildStage:
    def test_it_picks_hatchling_and_all_that_hatchling_needs(self) -> None:
        picked = dict(re.findall(r"^([a-z-]+)==(\S+) \\$", _picked(), flags=re.MULTILINE))
        assert set(picked) == _closure("hatchling")

    def test_what_it_picks_has_hashes(self) -> None:
        for package in re.split(r"^(?=[a-z])", _picked(), flags=re.MULTILINE)[1:]:
            assert package.count("--hash=sha256:") >= 2, package


class TestTheWheel:
    def test_it_has_every_file_of_the_product_in_its_own_folder(self, wheel: Path) -> None:
        missing = _installed() - set(zipfile.ZipFile(wheel).namelist())
        assert not missing, f"pyproject.toml leaves out of the wheel: {sorted(missing)}"

    def test_it_has_nothing_else(self, wheel: Path) -> None:
        names = zipfile.ZipFile(wheel).namelist()
        assert {name for name in names if ".dist-info/" not in name} <= _installed()

    def test_it_runs_beside_others_of_the_same_names(self, wheel: Path, tmp_path: Path) -> None:
        zipfile.ZipFile(wheel).extractall(tmp_path)
        for name in ("store", "settings", "contracts", "api"):
            (tmp_path / f"{name}.py").write_text("raise SystemExit('not ours')")
        (tmp_path / "elsewhere").mkdir()
        run = subprocess.run(
            doorstep_command("events", "--help"),  # as it starts its own processes
            env={"PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1", "PATH": ""},
            cwd=tmp_path / "elsewhere",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert "Order-tracking events" in run.stdout


class TestTheBuildContext:
    def test_it_has_every_file_of_the_product(self) -> None:
        assert _product() <= {str(file) for file in _build_context()}

    @pytest.mark.parametrize("file", [".env", ".git/config", "tests/conftest.py", "docs/api.md"])
    def test_it_has_no_secrets_no_history_and_no_tests(self, file: str) -> None:
        assert not _in_the_context(PurePath(file))

    def test_it_has_what_the_wheel_is_described_with(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        assert _in_the_context(PurePath(project["readme"]))


class TestTheLocks:
    @pytest.mark.parametrize("name", _LOCKS)
    def test_every_package_has_an_exact_version_and_hashes(self, name: str) -> None:
        packages = re.split(r"^(?=[a-z])", (ROOT / name).read_text(), flags=re.MULTILINE)
        for package in filter(None, packages):
            assert re.match(r"[a-z0-9-]+==[^\s;]+( ; [^\\]+)? \\\n", package), package[:80]
            assert "--hash=sha256:" in package

    @pytest.mark.parametrize("name", _LOCKS)
    def test_there_is_no_address_in_it(self, name: str) -> None:
        assert not _ADDRESS.search((ROOT / name).read_text())

    def test_the_image_installs_every_direct_dependency(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        locked = set(re.findall(r"^([a-z0-9-]+)==", _runtime_lock(), flags=re.MULTILINE))
        assert {_name(one) for one in project["dependencies"]} <= locked

    def test_the_image_installs_nothing_that_only_development_needs(self) -> None:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
            "optional-dependencies"
        ]
        locked = set(re.findall(r"^([a-z0-9-]+)==", _runtime_lock(), flags=re.MULTILINE))
        assert not {_name(one) for one in extras["embedded"]} & locked
        assert {_name(one) for one in extras["telemetry"]} <= locked

    def test_both_locks_agree(self) -> None:
        line = re.compile(r"^([a-z0-9-]+)==(\S+)", flags=re.MULTILINE)
        development = dict(line.findall((ROOT / "requirements-dev.lock").read_text()))
        assert dict(line.findall(_runtime_lock())).items() <= development.items()


@pytest.mark.extended
class TestWhatTheImageInstalls:
    """As its build stage does, outside of a container."""

    def test_it_has_all_that_the_processes_load(self, installed: Path) -> None:
        commands = ("doctor", "migrate", "serve_api", "serve_worker", "worker_processes")
        loaded = ["api.app", "background.dead_letter_mirror", "telemetry.export", "worker"]
        loaded += [f"commands.{name}" for name in commands]
        program = "import sys, doorstep; sys.path[:0] = doorstep.__path__; import "
        program += ", ".join(loaded)
        subprocess.run([installed / "python", "-I", "-c", program], check=True, timeout=60)

    @pytest.mark.parametrize("command", ["up", "demo"])
    def test_what_needs_the_embedded_servers_says_so(
        self, installed: Path, command: str, tmp_path: Path
    ) -> None:
        run = subprocess.run(
            [installed / "doorstep", command],
            env={"PATH": ""},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 2
        [line] = run.stderr.splitlines()
        assert "install doorstep[embedded]" in line


class TestTheHealthCheck:
    @pytest.fixture
    def api(self) -> Iterator[int]:
        """Something that answers /healthz; gives its port."""

        class Healthy(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path == "/healthz" else 404)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        with http.server.HTTPServer(("127.0.0.1", 0), Healthy) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield server.server_port
            server.shutdown()
            thread.join()

    def test_it_is_well_when_the_api_answers(self, api: int) -> None:
        assert _health(port=api) == 0

    def test_it_is_ill_when_nobody_does(self) -> None:
        assert _health(port=9) != 0


def _copied_from_the_context() -> list[str]:
    copies = re.findall(r"^COPY ((?!--from).*)$", DOCKERFILE.read_text(), flags=re.MULTILINE)
    return [source for line in copies for source in line.split()[:-1]]


def _picked() -> str:
    """What the build stage's own awk line takes out of the lock file."""
    [program] = re.findall(r"awk '([^']+)'", DOCKERFILE.read_text())
    picked = subprocess.run(
        ["awk", program, ROOT / "requirements-dev.lock"], capture_output=True, text=True, check=True
    )
    return picked.stdout


def _closure(package: str) -> set[str]:
    """A package and everything it needs, extras aside."""
    needed = {package}
    for requirement in requires(package) or []:
        if "extra ==" not in requirement and "python_version < " not in requirement:
            needed |= _closure(_name(requirement))
    return needed


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_-]", requirement, maxsplit=1)[0].lower()


def _runtime_lock() -> str:
    return (ROOT / "requirements.lock").read_text()


def _product() -> set[str]:
    """Every file that the installed product is made of."""
    folders = {marker.parent for marker in ROOT.glob("*/__init__.py")}
    packages = [folder for folder in folders if folder.name not in _NOT_INSTALLED]
    files = [file for package in packages for file in package.rglob("*") if file.is_file()]
    modules = [ROOT / name for name in ROOT_MODULES]
    return {
        str(file.relative_to(ROOT))
        for file in [*files, *modules]
        if not _FETCHED_OR_MADE.intersection(file.parts)
    }


def _installed() -> set[str]:
    """Where those files are in a wheel: `doorstep.py` is the package that the others lie in."""
    return {f"doorstep/{name}" for name in _product() - {"doorstep.py"}} | {"doorstep/__init__.py"}


def _build_context() -> list[PurePath]:
    """What `COPY . .` copies."""
    names = [name.rstrip("/") for kept, name in _patterns() if kept]
    tops = [ROOT / name for name in names]
    files = [file for top in tops for file in ([top] if top.is_file() else top.rglob("*"))]
    relative = [file.relative_to(ROOT) for file in files if file.is_file()]
    return [file for file in relative if _in_the_context(file)]


def _in_the_context(file: PurePath) -> bool:
    """Docker's rule: the last pattern that matches decides."""
    inside = True
    for kept, pattern in _patterns():
        if _matches(file, pattern.rstrip("/")):
            inside = kept
    return inside


def _matches(file: PurePath, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return any(fnmatch(part, pattern.removeprefix("**/")) for part in file.parts)
    return fnmatch(file.parts[0], pattern)


def _patterns() -> list[tuple[bool, str]]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    return [(line.startswith("!"), line.removeprefix("!")) for line in patterns]


def _health(port: int) -> int:
    """Run the image's own HEALTHCHECK; gives its exit code."""
    text = DOCKERFILE.read_text()
    [program] = re.findall(r'CMD \["python", "-c", "(.+)"\]', text)
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"DOORSTEP_API_PORT": str(port)},
        capture_output=True,
        timeout=30,
        check=False,
    ).returncode
