"""Connect to Temporal, and see to it that our search attributes exist there."""

import asyncio
from collections.abc import Mapping
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from contracts.errors import EngineUnavailable
from workflows import search_attributes

_CONNECT_LIMIT_S = 5.0


async def connect(options: Mapping[str, Any], *, lazy: bool = False) -> Client:
    """A client for Temporal. `options` are what the SDK's environment configuration gives.

    A lazy client connects at its first call, so that the API serves while Temporal is away.
    EngineUnavailable when it cannot be reached.
    """
    try:
        async with asyncio.timeout(_CONNECT_LIMIT_S):
            return await Client.connect(**options, lazy=lazy)
    except (RuntimeError, RPCError, TimeoutError) as error:
        target = options.get("target_host", "the address in the settings")
        raise EngineUnavailable(
            f"Temporal does not answer at {target}: start it, or set TEMPORAL_ADDRESS"
        ) from error


async def register_search_attributes(client: Client) -> list[str]:
    """Add what is missing of our search attributes to the namespace; gives the added names."""
    missing = await missing_search_attributes(client)
    if missing:
        await _add(client, missing)
    return sorted(missing)


async def missing_search_attributes(
    client: Client,
) -> "dict[str, IndexedValueType.ValueType]":
    """Our search attributes that the namespace does not have, with their types.

    Without them Temporal refuses every start.
    """
    present = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return {
        key.name: IndexedValueType.ValueType(key.indexed_value_type)
        for key in search_attributes.ALL
        if key.name not in present.custom_attributes
    }


async def _add(client: Client, missing: Mapping[str, "IndexedValueType.ValueType"]) -> None:
    request = AddSearchAttributesRequest(namespace=client.namespace)
    request.search_attributes.update(missing)
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
