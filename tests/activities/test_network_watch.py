"""When most endpoints cannot be reached at once, it is our own network."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.network_watch import NetworkWatch

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def seen(*codes: str) -> NetworkWatch:
    """Endpoints whose last tries ended so."""
    watch = NetworkWatch()
    for number, code in enumerate(codes):
        watch.note(f"ep_{number}", code, NOW)
    return watch


@pytest.mark.parametrize(
    ("codes", "code", "ours"),
    [
        (["connection"] * 5, "connection", True),
        (["connection"] * 4, "connection", False),  # too few to tell
        (["timeout"] * 3 + ["connection"] * 3, "timeout", True),
        (["connection"] * 8 + ["http_200"] * 2, "connection", True),
        (["connection"] * 7 + ["http_200"] * 3, "connection", False),
        (["connection"] * 8 + ["http_503"] * 3, "connection", False),  # a 503 was reached
        (["connection"] * 9, "http_503", False),
        (["connection"] * 9, "tls", False),
        (["timeout"] * 10 + ["http_200"] * 40, "timeout", False),  # a fifth that hangs
    ],
)
def test_the_rule(codes: list[str], code: str, ours: bool) -> None:
    assert seen(*codes).is_ours(code, NOW) is ours


def test_one_endpoint_counts_once_however_often_it_fails() -> None:
    watch = seen("http_200", "http_200")
    for _ in range(50):
        watch.note("ep_ill", "connection", NOW)
    assert not watch.is_ours("connection", NOW)


def test_what_is_older_than_a_minute_is_forgotten() -> None:
    watch = seen(*["connection"] * 6)
    assert watch.is_ours("connection", NOW + timedelta(seconds=60))
    assert not watch.is_ours("connection", NOW + timedelta(seconds=61))
