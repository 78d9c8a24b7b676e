"""The API's parts as tests use them."""

from api.dependencies import Parts
from api.key_ring import KeyRing
from api.rate_limits import RateLimits
from contracts.clock import Clock, utc_now
from dispatch.gateway import Gateway
from store.database import Database

OPERATOR_KEY = "operator-key-for-tests"


def make_parts(database: Database, gateway: Gateway, clock: Clock = utc_now) -> Parts:
    """The parts, with OPERATOR_KEY as the key from the settings."""
    return Parts(
        database=database,
        gateway=gateway,
        clock=clock,
        keys=KeyRing(database, OPERATOR_KEY, clock),
        limits=RateLimits(clock, oms_per_minute=60_000, ops_per_minute=6_000),
    )
