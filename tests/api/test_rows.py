"""Rows as the API shows them."""

from dataclasses import dataclass, field

import pytest
from pydantic import BaseModel, ValidationError

from api.rows import view_of


class PartView(BaseModel):
    size: int


class ThingView(BaseModel):
    id: str
    phone: str | None
    parts: list[PartView]


@dataclass
class Part:
    size: int
    secret: str = "hidden"


@dataclass
class Row:
    id: str = "thing_1"
    phone: str = "sealed"
    parts: list[Part] = field(default_factory=lambda: [Part(2)])


def test_what_the_view_has_no_field_for_is_not_shown() -> None:
    shown = view_of(ThingView, Row(), phone=None)
    assert shown.model_dump() == {"id": "thing_1", "phone": None, "parts": [{"size": 2}]}


def test_what_is_given_besides_stands_in_for_what_the_row_has() -> None:
    assert view_of(ThingView, Row(), phone="+91********10").phone == "+91********10"


def test_what_neither_has_is_a_mistake() -> None:
    with pytest.raises(AttributeError):
        view_of(ThingView, Part(1), id="thing_1", phone=None)
    with pytest.raises(ValidationError):
        view_of(ThingView, Row(), phone=3)
