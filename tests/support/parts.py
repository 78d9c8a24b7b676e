"""The API's parts as tests use them."""

from api.dependencies import Parts
from api.key_ring import KeyRing
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
    )
