"""What the tests of this folder read: the compose file, the image's files, `.env.example`, docs."""

import copy
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import yaml

import cli
from settings import variable_names

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COMPOSE_FILE = ROOT / "docker-compose.temporal.yml"
DOCKERFILE = ROOT / "Dockerfile"
ROOT_MODULES = (
    "allowed_methods.py",
    "cli.py",
    "doorstep.py",
    "provider_http.py",
    "resolver.py",
    "temporal_worker.py",
    "translations.py",
    "twilio_signature.py",
    "web_forms.py",
    "worker.py",
)
"""The product's modules outside its packages."""

POSTGRES_VARIABLES: Mapping[str, str] = {
    "POSTGRES_PASSWORD": "PostgreSQL's superuser, which only the database's own container uses",
    "POSTGRES_DOORSTEP_PASSWORD": "the role doorstep, which owns Doorstep's database",
    "POSTGRES_TEMPORAL_PASSWORD": "the role temporal, which owns Temporal's two databases",
}
"""What only the compose file reads."""

TEMPORAL_VARIABLES: Mapping[str, str] = {
    "TEMPORAL_ADDRESS": "host and port of the Temporal server; without it the embedded one",
    "TEMPORAL_NAMESPACE": "the namespace that Doorstep works in",
    "TEMPORAL_API_KEY": "an API key, as Temporal Cloud gives them; turns TLS on",
    "TEMPORAL_TLS": "true or false, where the API key alone does not say it",
    "TEMPORAL_TLS_SERVER_NAME": "the name in the server's certificate, where it is not the address",
    "TEMPORAL_TLS_CLIENT_CERT_DATA": "our certificate for mutual TLS, in PEM",
    "TEMPORAL_TLS_CLIENT_CERT_PATH": "the file with that certificate",
    "TEMPORAL_TLS_CLIENT_KEY_DATA": "its key, in PEM",
    "TEMPORAL_TLS_CLIENT_KEY_PATH": "the file with that key",
    "TEMPORAL_TLS_SERVER_CA_CERT_DATA": "the authority of the server's certificate, in PEM, "
    "where it is a private one",
    "TEMPORAL_TLS_SERVER_CA_CERT_PATH": "the file with that authority",
    "TEMPORAL_CONFIG_FILE": "a file in the SDK's own format with all of these",
    "TEMPORAL_PROFILE": "which profile of that file",
}
"""What the Temporal SDK reads by itself."""

TRACE_VARIABLES: Mapping[str, str] = {
    "OTEL_EXPORTER_OTLP_ENDPOINT": "the collector that spans are sent to, over HTTP; without it "
    "nothing is traced",
    "OTEL_EXPORTER_OTLP_HEADERS": "headers that the collector asks for, name=value by commas",
    "OTEL_RESOURCE_ATTRIBUTES": "what else the spans say of the process, name=value by commas",
    "OTEL_SDK_DISABLED": "true turns traces off, whatever else is set",
    "OTEL_SERVICE_NAME": "the process's name in traces; without it doorstep-api or doorstep-worker",
    "OTEL_TRACES_SAMPLER": "which traces are recorded, where the OMS does not say it",
    "OTEL_TRACES_SAMPLER_ARG": "the sampler's argument, such as a share",
}
"""What the OpenTelemetry SDK reads by itself; others of its own work, too."""


def all_variables() -> dict[str, str]:
    """Every variable an operator may set, and its meaning."""
    return {**POSTGRES_VARIABLES, **variable_names(), **TEMPORAL_VARIABLES, **TRACE_VARIABLES}


@dataclass(frozen=True)
class ExampleLine:
    """One variable of `.env.example`: the comment above it, and whether the line is off."""

    name: str
    value: str
    meaning: str
    off: bool


def env_example() -> list[ExampleLine]:
    """The variables of `.env.example`, in their order."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = []
    for above, line in zip(["", *lines], lines, strict=False):
        match = re.fullmatch(r"(#?)([A-Z][A-Z0-9_]*)=(.*)", line)
        if match:
            meaning = above.removeprefix("# ")
            found.append(ExampleLine(match[2], match[3], meaning, off=match[1] == "#"))
    return found


def yaml_documents(file: Path) -> list[Any]:
    """What a file has. Reading takes long, and hundreds of tests do: each file is read once."""
    return copy.deepcopy(_read(file))


@functools.cache
def _read(file: Path) -> list[Any]:
    return list(yaml.safe_load_all(file.read_text()))


def services() -> dict[str, dict[str, Any]]:
    """The services of the compose file, with its anchors resolved."""
    [loaded] = yaml_documents(COMPOSE_FILE)
    found: dict[str, dict[str, Any]] = loaded["services"]
    return found


def our_services() -> dict[str, dict[str, Any]]:
    """The services that run Doorstep's own image."""
    return {name: one for name, one in services().items() if one["image"].startswith("doorstep:")}


def code_blocks(markdown: str, language: str) -> list[str]:
    """The fenced blocks of one language in a document."""
    return re.findall(rf"^```{language}\n(.*?)^```$", markdown, flags=re.MULTILINE | re.DOTALL)


def faults_of_command(words: Sequence[str]) -> list[str]:
    """What the command line has against `doorstep …`, without running it."""
    command: Any = typer.main.get_command(cli.app)
    arguments = list(words)
    while hasattr(command, "commands"):
        if not arguments or arguments[0] not in command.commands:
            return [f"{command.name} has no command {' '.join(arguments[:1])!r}"]
        command = command.commands[arguments.pop(0)]
    try:
        command.make_context(command.name, arguments)
    except Exception as error:  # typer keeps click's usage errors to itself
        return [str(error)]
    return []


def alert_rules() -> list[dict[str, Any]]:
    """The alerts that Prometheus loads."""
    [loaded] = yaml_documents(ROOT / "deploy" / "prometheus" / "rules.yml")
    [group] = loaded["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def metrics_named_in_the_runbook() -> set[str]:
    """Doorstep's, the SDK's and the process's own."""
    text = (DOCS / "runbook.md").read_text()
    return set(re.findall(r"\b((?:doorstep|temporal|process)_[a-z_]+)\b(?![/.])", text))
