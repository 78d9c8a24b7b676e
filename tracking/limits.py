"""How often one network may look at pages, and how often it may try links that there are not.

Customers of one mobile operator share addresses, so the limit of pages is wide. A link has 128
bits and is found by no trying: the limit of wrong ones keeps crawlers from costing look-ups.
"""

from fastapi import Request

from store.access.login_throttle import network_of
from tracking.parts import Limits

PAGES_A_MINUTE = 600
"""A page that is open asks four times a minute."""
MISSES_A_MINUTE = 30


class TooOften(Exception):
    """A network has asked too often; `wait_s` until it may ask again."""

    def __init__(self, wait_s: int) -> None:
        super().__init__("too many requests for tracking pages")
        self.wait_s = wait_s


def count_look(request: Request, limits: Limits) -> None:
    """Count one request for a page. TooOften where it is one too many, or where links that there
    are not have used up what is allowed."""
    network = _network_of(request)
    allowed = limits.spend_of(f"tracking/{network}", PAGES_A_MINUTE)
    if allowed.wait_s:
        raise TooOften(allowed.wait_s)
    if not limits.has_left(_misses(network), MISSES_A_MINUTE):
        raise TooOften(60 // MISSES_A_MINUTE)


def count_miss(request: Request, limits: Limits) -> None:
    """Count a link that there is not."""
    limits.spend_of(_misses(_network_of(request)), MISSES_A_MINUTE)


def _misses(network: str) -> str:
    return f"tracking-misses/{network}"


def _network_of(request: Request) -> str:
    return network_of(request.client.host if request.client else "")
