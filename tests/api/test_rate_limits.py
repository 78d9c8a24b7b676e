"""Rate limits: so many requests a minute for each key, with the headers that say how it stands."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from api.rate_limits import Allowance, RateLimits
from contracts.access.callers import Caller, Scope
from contracts.tiers import TIERS, Tier
from tests.support.clock import Hands
from tests.support.keys import make_key
from tests.support.parts import make_parts
from tests.support.shelf import NOW
from tests.support.stack import Stack

OMS = Caller("key_oms", frozenset({Scope.OMS}))
OPS = Caller("key_ops", frozenset({Scope.OPS}))
OPERATOR = Caller("operator", frozenset({Scope.OPS, Scope.OMS}))


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def limits(clock: Hands) -> RateLimits:
    return RateLimits(clock, oms_per_minute=120, ops_per_minute=6)


def spend(limits: RateLimits, caller: Caller, times: int) -> Allowance:
    """The last of some requests."""
    return [limits.spend(caller) for _ in range(times)][-1]


class TestTheBucket:
    def test_it_counts_down_and_then_refuses(self, limits: RateLimits) -> None:
        assert [limits.spend(OPS).remaining for _ in range(6)] == [5, 4, 3, 2, 1, 0]
        refused = limits.spend(OPS)
        assert (refused.remaining, refused.full_in_s, refused.wait_s) == (0, 60, 10)

    def test_it_fills_up_all_the_time(self, limits: RateLimits, clock: Hands) -> None:
        spend(limits, OPS, 6)
        clock.turn(timedelta(seconds=9.5))
        assert limits.spend(OPS).wait_s == 1
        clock.turn(timedelta(seconds=0.5))
        assert limits.spend(OPS).wait_s == 0
        assert limits.spend(OPS).wait_s == 10

    def test_to_the_brim_and_not_over(self, limits: RateLimits, clock: Hands) -> None:
        spend(limits, OPS, 6)
        clock.turn(timedelta(hours=5))
        assert limits.spend(OPS).remaining == 5

    def test_what_is_refused_costs_nothing(self, limits: RateLimits, clock: Hands) -> None:
        spend(limits, OPS, 1_000)
        clock.turn(timedelta(seconds=10))
        assert limits.spend(OPS).wait_s == 0

    def test_a_clock_that_goes_back_gives_nothing(self, limits: RateLimits, clock: Hands) -> None:
        spend(limits, OPS, 6)
        clock.turn(timedelta(hours=-1))
        assert limits.spend(OPS).wait_s == 10

    def test_each_key_has_its_own(self, limits: RateLimits) -> None:
        spend(limits, OPS, 7)
        assert limits.spend(Caller("key_2", frozenset({Scope.OPS}))).remaining == 5

    @pytest.mark.parametrize(
        ("caller", "most"),
        [
            (OMS, 120),
            (OPS, 6),
            (OPERATOR, 120),
            *[
                (Caller(f"key_{tier}", frozenset({Scope.PARTNER}), "shop", tier), limit)
                for tier, limit in [(Tier.SMB, 60), (Tier.GROWTH, 600), (Tier.ENTERPRISE, 3_000)]
            ],
        ],
    )
    def test_who_may_how_often(self, limits: RateLimits, caller: Caller, most: int) -> None:
        assert limits.spend(caller).per_minute == most


class TestTheAnswers:
    @pytest.fixture
    async def partner(self, lonely: Stack, app: FastAPI, clock: Hands) -> httpx.AsyncClient:
        """A client with a key of the partner `shop`, at a clock that stands still."""
        app.state.parts = make_parts(lonely.database, lonely.gateway, clock)
        _, token = await make_key(lonely.database, Scope.PARTNER, "shop", now=NOW)
        lonely.api.headers["authorization"] = f"Bearer {token}"
        return lonely.api

    async def test_each_says_how_it_stands(self, partner: httpx.AsyncClient) -> None:
        for path, remaining in [("/v1/events", 599), ("/v1/partners", 598), ("/v1/none", 597)]:
            answer = await partner.get(path)
            assert answer.headers["ratelimit-policy"] == '"requests";q=600;w=60'
            assert answer.headers["ratelimit"].startswith(f'"requests";r={remaining};t=')
            assert "retry-after" not in answer.headers

    async def test_one_too_many_is_a_429(self, partner: httpx.AsyncClient, clock: Hands) -> None:
        for _ in range(TIERS[Tier.GROWTH].requests_per_minute):
            assert (await partner.get("/v1/none")).status_code == 404
        answer = await partner.get("/v1/events")
        assert answer.status_code == 429
        assert answer.json()["type"] == "/problems/rate-limited"
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["ratelimit"] == '"requests";r=0;t=60'
        clock.turn(timedelta(seconds=1))
        assert (await partner.get("/v1/events")).status_code == 200

    async def test_without_a_key_there_is_nothing_to_say(self, stranger: httpx.AsyncClient) -> None:
        for path in ("/v1/events", "/healthz"):
            assert "ratelimit" not in (await stranger.get(path)).headers
