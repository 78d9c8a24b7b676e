"""The manifests against the Kubernetes API's own schemas: in the oldest version that we say we run
on, and in the newest that the validator knows."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.deployment.kubernetes_files import KUBERNETES, objects

HERE = Path(__file__).parent
VERSIONS = ("1.30", "1.37")

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """kubernetes-validate as it is locked, in an environment of its own: with the schemas of all
    versions it is too large for everybody's."""
    environment = tmp_path_factory.mktemp("kubernetes") / "environment"
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run(
        [uv, "venv", "--quiet", "--python", sys.executable, str(environment)], check=True
    )
    install = [uv, "pip", "install", "--quiet", "--require-hashes"]
    lock = HERE / "kubernetes" / "requirements.lock"
    python = environment / "bin" / "python"
    subprocess.run([*install, "-r", str(lock), "--python", str(python)], check=True)
    return environment / "bin" / "kubernetes-validate"


def validate(validator: Path, file: Path, version: str) -> "subprocess.CompletedProcess[str]":
    """Hold every object of a file to a version's schemas, and let it have no other fields."""
    command = [str(validator), "--strict", "--kubernetes-version", version, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_of_kubernetes_own_is_one(
    validator: Path, version: str, tmp_path: Path
) -> None:
    known = [one for one in objects() if one["kind"] != "ScaledObject"]  # KEDA's
    file = tmp_path / "objects.yaml"
    file.write_text(yaml.safe_dump_all(known))
    said = validate(validator, file, version)
    assert said.returncode == 0, said.stdout + said.stderr
    assert len(known) > 10
    assert said.stdout.count(" passed for resource ") == len(known), said.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_a_field_that_is_misspelt_is_found(validator: Path, version: str, tmp_path: Path) -> None:
    text = (KUBERNETES / "base" / "worker.yaml").read_text()
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("terminationGracePeriodSeconds", "terminationGraceSeconds"))
    said = validate(validator, wrong, version)
    assert said.returncode != 0
    assert "terminationGraceSeconds" in said.stdout
