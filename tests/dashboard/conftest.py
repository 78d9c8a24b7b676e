"""A visitor of the dashboard for each kind of person, over a stack with one partner, `shop`."""

from collections.abc import AsyncIterator

import pytest

from contracts.access.users import Role
from tests.support.stack import Stack
from tests.support.visitor import Visitor


@pytest.fixture
async def visitor(stack: Stack) -> AsyncIterator[Visitor]:
    """Somebody who is not signed in."""
    assert stack.app is not None
    await stack.add_partner()
    visitor = Visitor(stack.app)
    yield visitor
    await visitor.http.aclose()


@pytest.fixture
async def owner(visitor: Visitor) -> Visitor:
    """An owner of `shop`."""
    return await visitor.sign_in_as(Role.OWNER, "shop")


@pytest.fixture
async def ops(visitor: Visitor) -> Visitor:
    """Somebody of ops."""
    return await visitor.sign_in_as(Role.OPS)
