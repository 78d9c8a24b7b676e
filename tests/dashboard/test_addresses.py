"""What may stand in the address of a page: no number that a page cannot show."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi.dependencies.models import Dependant
from pydantic import TypeAdapter

from dashboard.app import create_dashboard
from tests.api.input_models import api_routes
from tests.api.test_input_types import schemas_in


def query_types(dependant: Dependant) -> Iterator[Any]:
    """The type of each parameter of a query, or of its model."""
    for inner in dependant.dependencies:
        yield from query_types(inner)
    for parameter in dependant.query_params:
        metadata = tuple(parameter.field_info.metadata)
        kind: Any = parameter.field_info.annotation
        yield Annotated[(kind, *metadata)] if metadata else kind


def test_every_number_has_bounds() -> None:
    tried = []
    for route in api_routes(create_dashboard()):
        for kind in query_types(route.dependant):
            for one in schemas_in(TypeAdapter(kind).json_schema()):
                if one.get("type") in ("integer", "number"):
                    assert {"minimum", "maximum"} <= set(one), (route.path, one)
                    tried.append(route.path)
    assert "/p/{partner_id}/dead-letters" in tried
