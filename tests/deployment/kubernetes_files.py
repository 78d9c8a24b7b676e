"""What the tests read of deploy/kubernetes: its objects, and the variables that its pods get."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.deployment.deployment_files import ROOT, yaml_documents

KUBERNETES = ROOT / "deploy" / "kubernetes"
COMPONENTS = ("api", "worker", "migrate")
"""What runs Doorstep's image, by the label that Kubernetes suggests for it."""

SERVICE_OF: Mapping[str, str] = {"api": "api", "worker": "worker", "migrate": "set-up"}
"""The same in the compose file."""

_SECRETS = {"doorstep": "all", "doorstep-api": "api", "doorstep-worker": "worker"}
"""The files that the example makes its Secrets from."""

_LINE = re.compile(r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", flags=re.MULTILINE)


def objects() -> list[dict[str, Any]]:
    """Every object that a cluster is given, whichever of the folders it is in."""
    return [
        document
        for folder in ("base", "example", "keda", "temporal-cloud")
        for file in sorted((KUBERNETES / folder).glob("*.yaml"))
        if file.name != "kustomization.yaml"
        for document in yaml_documents(file)
    ]


def name_of(one: Mapping[str, Any]) -> str:
    """How an object is called in messages."""
    return f"{one['kind']}/{one['metadata']['name']}"


def of_kind(kind: str) -> list[dict[str, Any]]:
    """The objects of one kind."""
    return [one for one in objects() if one["kind"] == kind]


def workload(component: str) -> dict[str, Any]:
    """The Deployment or the Job."""
    kind = "Job" if component == "migrate" else "Deployment"
    [found] = [one for one in of_kind(kind) if one["metadata"]["name"] == f"doorstep-{component}"]
    return found


def pod(component: str) -> dict[str, Any]:
    """What its pods are made from: `metadata` and `spec`."""
    template: dict[str, Any] = workload(component)["spec"]["template"]
    return template


def container(component: str) -> dict[str, Any]:
    """The one container of its pods."""
    [found] = pod(component)["spec"]["containers"]
    return dict(found)


def kustomization(folder: str) -> dict[str, Any]:
    """How a folder is put together."""
    loaded: dict[str, Any] = yaml.safe_load(
        (KUBERNETES / folder / "kustomization.yaml").read_text()
    )
    return loaded


def own_variables(component: str) -> dict[str, str]:
    """What stands in the manifest itself: the ports."""
    return {one["name"]: one["value"] for one in container(component).get("env", [])}


def set_variables(component: str) -> dict[str, str]:
    """What its pods get if nobody changes anything but the secrets, which are empty here."""
    lines = [*settings_lines(), *_lines("example/settings.env"), *secret_lines(component)]
    switched_on = {name: value for off, name, value in lines if not off}
    return switched_on | own_variables(component)


def settings_lines() -> list[tuple[str, str, str]]:
    """Each variable of the settings: `#` where it is off, its name, its value."""
    return _lines("base/settings.env")


def secret_lines(component: str) -> list[tuple[str, str, str]]:
    """The same of the secrets that its pods get."""
    return [line for file in _secret_files(component) for line in _lines(file)]


def _secret_files(component: str) -> Iterator[str]:
    for source in container(component)["envFrom"]:
        if "secretRef" in source:
            yield f"example/secrets/{_SECRETS[source['secretRef']['name']]}.env.example"


def _lines(file: str) -> list[tuple[str, str, str]]:
    return _LINE.findall((KUBERNETES / file).read_text())
