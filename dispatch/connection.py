"""Connect to Temporal, and see to it that our search attributes exist there."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client, Interceptor
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode

from contracts.errors import ConfigurationError, EngineUnavailable
from workflows import search_attributes

_CONNECT_LIMIT_S = 5.0
HEARTBEATS_EVERY = timedelta(seconds=5)
"""How often a worker tells Temporal that it lives. An idle one shows itself by its polls only once
a minute, which is how long Temporal keeps a poll waiting."""


async def connect(
    options: Mapping[str, Any],
    *,
    lazy: bool = False,
    runtime: Runtime | None = None,
    interceptors: Sequence[Interceptor] = (),
) -> Client:
    """A client for Temporal. `options` are what the SDK's environment configuration gives.

    A lazy client connects at its first call, so that the API serves while Temporal is away.
    `interceptors` go around every call, and in a worker around its work.
    EngineUnavailable when Temporal cannot be reached.
    """
    try:
        async with asyncio.timeout(_CONNECT_LIMIT_S):
            return await Client.connect(
                **options, lazy=lazy, runtime=runtime, interceptors=interceptors
            )
    except (RuntimeError, RPCError, TimeoutError) as error:
        target = options.get("target_host", "the address in the settings")
        raise EngineUnavailable(
            f"Temporal does not answer at {target}: start it, or set TEMPORAL_ADDRESS"
        ) from error


def worker_runtime(metrics_at: str | None) -> Runtime:
    """The SDK's core as a worker has it: with heartbeats, and with its metrics served at
    `metrics_at` (an IP address and a port), named as Prometheus's conventions ask for."""
    metrics = metrics_at and PrometheusConfig(
        bind_address=metrics_at,
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
    )
    try:
        return Runtime(
            telemetry=TelemetryConfig(metrics=metrics or None),
            worker_heartbeat_interval=HEARTBEATS_EVERY,
        )
    except (RuntimeError, ValueError) as error:
        raise ConfigurationError(
            f"DOORSTEP_SDK_METRICS_PORT: cannot serve metrics at {metrics_at}; "
            "set another port, and an IP address as DOORSTEP_API_HOST"
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
