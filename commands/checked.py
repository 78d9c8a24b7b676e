"""What the command line was given, checked by the models of the API."""

from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from commands.errors import CommandFailed
from contracts.payload.faults import words_of

B = TypeVar("B", bound=BaseModel)
E = TypeVar("E", bound=StrEnum)


def checked(model: type[B], values: dict[str, Any]) -> B:
    """The model of these values. CommandFailed names each that is wrong, in one line."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, line['loc']))}: {words_of(line)}"
            for line in error.errors(include_url=False, include_input=False)
        ]
        raise CommandFailed("; ".join(faults)) from None


def named(words: type[E], text: str, option: str) -> E:
    """One of these words. CommandFailed names them all where it is none."""
    try:
        return words(text)
    except ValueError:
        raise CommandFailed(f"{option}: {text!r} is none of {', '.join(words)}") from None
