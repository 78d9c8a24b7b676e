"""An endpoint of `shop`, and who looks at it."""

import pytest

from contracts.access.users import Role
from store.tables import EndpointRow
from tests.dashboard.routes.endpoint_fixtures import LIST, URL
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.visitor import Visitor


@pytest.fixture
def shelf(visitor: Visitor, stack: Stack) -> Shelf:
    """The database, with the partner `shop`."""
    return Shelf(stack.database)


@pytest.fixture
async def endpoint(shelf: Shelf) -> EndpointRow:
    """The only endpoint of `shop`."""
    return await shelf.add_endpoint(url=URL)


@pytest.fixture
def place(endpoint: EndpointRow) -> str:
    """The page of this endpoint."""
    return f"{LIST}/{endpoint.id}"


@pytest.fixture
async def member(visitor: Visitor) -> Visitor:
    """A member of `shop`."""
    return await visitor.sign_in_as(Role.MEMBER, "shop")
