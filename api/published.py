"""The files of the published contract, as they lie in the package."""

from functools import cache
from importlib.resources import files

from contracts.payload.events import EventType

_FILES = files("contracts") / "schemas"


@cache
def read_schema(version: str) -> bytes:
    """The JSON Schema of one version of the payload; it changes only with the program."""
    return (_FILES / f"{version}.json").read_bytes()


@cache
def read_example(version: str, kind: EventType) -> bytes:
    """A payload of one type of event."""
    return (_FILES / "examples" / version / f"{kind}.json").read_bytes()
