"""Rows as the API shows them."""

from typing import Any, TypeVar

from pydantic import BaseModel

V = TypeVar("V", bound=BaseModel)


def view_of(view: type[V], row: object, **besides: Any) -> V:
    """The attributes of a row that the view has fields for; `besides` is what the row has not, or
    has otherwise. What is nested is read by its attributes, too."""
    same = {name: getattr(row, name) for name in view.model_fields if name not in besides}
    return view.model_validate({**same, **besides}, from_attributes=True)
