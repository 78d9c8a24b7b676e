"""`doorstep endpoints …`: what the API has on an endpoint, and recoveries as they go on."""

import asyncio
from collections.abc import Mapping
from typing import Any

from commands.api_client import ApiClient, in_path
from commands.bulk import Progress

_RECOVERIES = 5
_LOOK_EVERY_S = 1.0


async def look_at(api: ApiClient, endpoint_id: str) -> dict[str, Any]:
    """An endpoint with its health and its last recoveries."""
    path = _path(endpoint_id)
    recoveries = await api.items(f"{path}/recoveries", None, _RECOVERIES)
    health = await api.get(f"{path}/health")
    return {**await api.get(path), "health": health, "recoveries": recoveries}


async def preview_recovery(
    api: ApiClient, endpoint_id: str, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """How many deliveries a recovery would send again."""
    return await api.ask("POST", f"{_path(endpoint_id)}/recoveries/preview", _given(wanted))


async def begin_recovery(
    api: ApiClient, endpoint_id: str, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """Begin a recovery; it goes on by itself."""
    return await api.ask("POST", f"{_path(endpoint_id)}/recoveries", _given(wanted))


async def until_ended(
    api: ApiClient, recovery: dict[str, Any], progress: Progress
) -> dict[str, Any]:
    """The recovery, once it has ended."""
    while recovery["state"] == "running":
        progress(recovery["requested"], recovery["found"])
        await asyncio.sleep(_LOOK_EVERY_S)
        recovery = await api.get(f"/v1/recoveries/{in_path(recovery['id'])}")
    progress(recovery["requested"], recovery["found"])
    return recovery


def _path(endpoint_id: str) -> str:
    return f"/v1/endpoints/{in_path(endpoint_id)}"


def _given(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}
