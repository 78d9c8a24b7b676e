"""What the API takes and shows: no field that is not named, nothing of the input in an error."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A JSON body or a query: other names are refused, and an error never repeats the input."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def shown_as(**example: Any) -> ConfigDict:
    """The configuration of a body of which the documentation shows this example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


def left_out() -> Any:
    """Nothing: a field of a change that is not sent. Null is not the same and is refused."""
