"""`/v1/endpoints/{id}/health`: how an endpoint does, and why, in words."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.rows import view_of
from contracts.delivery.states import AttemptState
from contracts.endpoints.health import HealthState
from contracts.payload.fields import UtcDatetime
from store.endpoints import health
from store.endpoints.health import EndpointHealth

router = APIRouter(route_class=JsonRoute, prefix="/v1/endpoints", tags=["endpoints"])

_BOUND = "in ms, an upper bound; 20000 also stands for more; null without attempts"


class WindowView(BaseModel):
    """The attempts that ended in one stretch of time, in whole spans of five minutes."""

    attempts: int
    succeeded: int
    timed_out: int
    success_rate: float | None = Field(description="from 0 to 1; null without attempts")
    p50_ms: int | None = Field(description=f"half of the attempts took no longer: {_BOUND}")
    p95_ms: int | None = Field(description=_BOUND)
    p99_ms: int | None = Field(description=_BOUND)


class LastAttemptView(BaseModel):
    """One of the last attempts that have ended."""

    started_at: UtcDatetime
    state: AttemptState
    code: str | None
    status_code: int | None
    duration_ms: int | None


class EndpointHealthView(BaseModel):
    """How an endpoint does."""

    endpoint_id: str
    state: HealthState
    reason: str = Field(description="in words, with times in UTC")
    since: UtcDatetime | None = Field(
        description="the first failure that counts; null of a healthy endpoint, and of one that "
        "was switched off by hand"
    )
    last_hour: WindowView
    last_24_hours: WindowView
    last_7_days: WindowView
    last_attempts: list[LastAttemptView] = Field(description="20 at most, the newest first")

    @classmethod
    def of(cls, read: EndpointHealth) -> "EndpointHealthView":
        """Show what the store read."""
        how = read.health
        return view_of(cls, read, state=how.state, reason=how.reason, since=how.since)


@router.get("/{endpoint_id}/health")
async def get_endpoint_health(
    endpoint_id: str, now: Now, database: Store, caller: OpsOrPartner
) -> EndpointHealthView:
    """Whether an endpoint is healthy, degraded, failing, paused or disabled, and why; its success
    rate and latencies; its last attempts. Read it as often as you like: it costs little."""
    read = await database.read(health.read_health, endpoint_id, now, owner=caller.owner)
    return EndpointHealthView.of(read)
