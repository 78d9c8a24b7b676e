"""What the tests read of deploy/grafana: its boards, and what their expressions ask for."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.deployment.deployment_files import ROOT

GRAFANA = ROOT / "deploy" / "grafana"

Served = Mapping[str, Mapping[str, set[str]]]
"""The samples of a process: their labels, and these labels' values."""

OF_PROMETHEUS = {"job", "instance"}
"""The labels that it gives to all that it scrapes."""

_METRIC = re.compile(r"\b((?:doorstep|temporal|process)_\w+|up)\b(?:\{(.*?)\})?")
_MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"(.*?)"')
_GROUPED = re.compile(r"\bby \((.*?)\)")
_SHOWN = re.compile(r"\{\{(\w+)\}\}")
_VARIABLES = {"$__rate_interval": "5m", "$partner": ".*"}


@dataclass(frozen=True)
class Expression:
    """What one line of a panel asks Prometheus for, and how it is called."""

    where: str
    text: str
    legend: str

    @property
    def filled_in(self) -> str:
        """As Grafana sends it."""
        filled = self.text
        for variable, value in _VARIABLES.items():
            filled = filled.replace(variable, value)
        return filled

    @property
    def metrics(self) -> list[str]:
        """The metrics that it asks for."""
        return [name for name, _ in _METRIC.findall(self.text)]

    def faults(self, served: Served) -> list[str]:
        """The metrics, labels and values in it that nobody serves."""
        found, known = [], set(OF_PROMETHEUS)
        for name, matchers in _METRIC.findall(self.text):
            labels = served.get(name)
            if labels is None:
                found.append(name)
                continue
            known |= set(labels)
            found += [f"{name}: {one}" for one in _unknown_matchers(matchers, labels)]
        grouped = {one for by in _GROUPED.findall(self.text) for one in by.split(", ")}
        asked = grouped | set(_SHOWN.findall(self.legend))
        return found + sorted(asked - known)


def boards() -> dict[str, dict[str, Any]]:
    """Every board, by its file's name."""
    return {
        file.stem: json.loads(file.read_text()) for file in sorted((GRAFANA / "boards").iterdir())
    }


def expressions() -> list[Expression]:
    """All that the boards ask Prometheus for."""
    return [
        Expression(f"{name}: {panel['title']}", target["expr"], target["legendFormat"])
        for name, board in boards().items()
        for panel in board["panels"]
        for target in panel["targets"]
    ]


def _unknown_matchers(matchers: str, labels: Mapping[str, set[str]]) -> Iterator[str]:
    for label, how, value in _MATCHER.findall(matchers):
        if label in OF_PROMETHEUS:
            continue
        if label not in labels:
            yield label
        values = value.split("|") if how.endswith("~") else [value]
        for one in values:
            if not one.startswith("$") and one not in labels.get(label, set()):
                yield f'{label}="{one}"'
