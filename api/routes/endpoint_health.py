"""`/v1/endpoints/{id}/health`: how an endpoint does, and why, in words."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.rows import view_of
from contracts.delivery.states import AttemptState
from contracts.endpoints.health import HealthState
from contracts.ids import EndpointRef
from contracts.payload.fields import UtcDatetime
from store.endpoints import health
from store.endpoints.health import EndpointHealth

router = APIRouter(route_class=JsonRoute, prefix="/v1/endpoints", tags=["endpoints"])

_BOUND = "took no longer; null without attempts"


class WindowView(BaseModel):
    """The attempts that ended in one stretch of time, in whole spans of five minutes."""

    attempts: int = Field(examples=[20])
    succeeded: int = Field(examples=[9])
    timed_out: int = Field(examples=[11])
    success_rate: float | None = Field(
        description="from 0 to 1; null without attempts", examples=[0.45]
    )
    p50_ms: int | None = Field(description=f"half of the attempts {_BOUND}", examples=[20000])
    p95_ms: int | None = Field(description=f"95 % of them {_BOUND}", examples=[20000])
    p99_ms: int | None = Field(description=f"99 % of them {_BOUND}", examples=[20000])


class LastAttemptView(BaseModel):
    """One of the last attempts that have ended."""

    started_at: UtcDatetime
    state: AttemptState = Field(examples=["failed"])
    code: str | None = Field(examples=["timeout"])
    status_code: int | None
    duration_ms: int | None = Field(examples=[20031])


class EndpointHealthView(BaseModel):
    """How an endpoint does."""

    endpoint_id: EndpointRef
    state: HealthState = Field(examples=["degraded"])
    reason: str = Field(
        description="in words, with times in UTC",
        examples=["11 of the last 20 attempts timed out after 20 s, since 09:34 UTC."],
    )
    since: UtcDatetime | None = Field(
        description="the first failure that counts; null of a healthy endpoint, and of one that "
        "was switched off by hand"
    )
    last_hour: WindowView
    last_24_hours: WindowView
    last_7_days: WindowView
    last_attempts: list[LastAttemptView] = Field(
        description="20 at most, the newest first, without those under way, broken off by us, "
        "or of test events"
    )

    @classmethod
    def of(cls, read: EndpointHealth) -> "EndpointHealthView":
        """Show what the store read."""
        how = read.health
        return view_of(cls, read, state=how.state, reason=how.reason, since=how.since)


@router.get("/{endpoint_id}/health", summary="Get the health of an endpoint")
async def get_endpoint_health(
    endpoint_id: EndpointRef, now: Now, database: Store, caller: OpsOrPartner
) -> EndpointHealthView:
    """How an endpoint does, why, and since when. Read it as often as you like: it costs little.

    It is judged by its last 20 attempts since it was last moved or switched on, or as many as there
    are. Test events and failures of our own count for nothing.

    - `failing`: its last 5 attempts all failed, or 10 in a row did for 30 seconds and more. Then
      its deliveries are held, and one attempt at a time finds out when it answers again.
    - `degraded`: 20 % or more of the last 20 attempts failed.
    - `untried`: nothing was sent yet.
    - `healthy`: none of these.
    - `paused`, `disabled`: it is switched off.

    Numbers are summed up in spans of five minutes, so an hour is its last 55 to 60 minutes.
    Percentiles are upper bounds: 400 says that it took more than 200 ms and at most 400. 20000 also
    stands for what took longer, because there an attempt times out.
    """
    read = await database.read(health.read_health, endpoint_id, now, owner=caller.owner)
    return EndpointHealthView.of(read)
