"""When nobody can be reached from here, it is our own network: for ten minutes, and no longer."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.network_watch import BELIEVED_FOR, NetworkWatch

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def seen(*codes: str, partners: int = 99) -> NetworkWatch:
    """Hosts, each of another partner (but of so many at most), whose last attempts ended so."""
    watch = NetworkWatch()
    tell(watch, *codes, at=NOW, partners=partners)
    return watch


def tell(watch: NetworkWatch, *codes: str, at: datetime, partners: int = 99) -> None:
    for number, code in enumerate(codes):
        watch.note(f"h{number}.example", code, at, f"shop-{number % partners}")


class TestTheRule:
    @pytest.mark.parametrize(
        ("codes", "code", "ours"),
        [
            (["connection"] * 5, "connection", True),
            (["connection"] * 4, "connection", False),  # too few to tell
            (["timeout"] * 3 + ["connection"] * 3, "timeout", True),
            (["tls"] * 6, "tls", True),  # our trust store, or somebody in between
            (["http_200"] + ["timeout"] * 5, "timeout", False),
            (["connection"] * 50 + ["http_200"], "connection", False),
            (["connection"] * 50 + ["http_503"], "connection", False),  # a 503 was reached
            (["tls"] * 50 + ["protocol"], "tls", False),
            (["connection"] * 9, "http_503", False),
            (["connection"] * 4 + ["dns", "forbidden_address"], "connection", False),
            (["connection"] * 9 + ["dns"], "connection", True),  # a name that does not exist
            (["connection"] * 9, "dns", False),
        ],
    )
    def test_nobody_is_reached(self, codes: list[str], code: str, ours: bool) -> None:
        assert seen(*codes).is_ours(code, NOW) is ours

    @pytest.mark.parametrize(("partners", "ours"), [(1, False), (2, False), (3, True)])
    def test_many_hosts_of_few_partners_prove_nothing(self, partners: int, ours: bool) -> None:
        assert seen(*["timeout"] * 10, partners=partners).is_ours("timeout", NOW) is ours

    def test_one_host_counts_once_whatever_is_on_it(self) -> None:
        watch = NetworkWatch()
        for number in range(50):
            watch.note("platform.example", "timeout", NOW, f"shop-{number}")
        assert not watch.is_ours("timeout", NOW)

    def test_what_is_older_than_a_minute_does_not_count(self) -> None:
        watch = seen(*["connection"] * 6)
        assert watch.is_ours("connection", after(60))
        assert not watch.is_ours("connection", after(61))

    def test_a_host_that_was_reached_proves_it_for_a_minute(self) -> None:
        watch = NetworkWatch()
        watch.note("well.example", "http_200", NOW, "well")
        tell(watch, *["timeout"] * 5, at=after(59))
        assert not watch.is_ours("timeout", after(60))
        assert watch.is_ours("timeout", after(61))


class TestTenMinutes:
    def outage(self, watch: NetworkWatch, until_s: int, from_s: int = 0) -> list[bool]:
        """Everybody is tried every thirty seconds, in vain; was each taken for our fault?"""
        found = []
        for seconds in range(from_s, until_s, 30):
            tell(watch, *["timeout"] * 6, at=after(seconds))
            found.append(watch.is_ours("timeout", after(seconds)))
        return found

    def test_it_is_believed_no_longer(self) -> None:
        assert timedelta(minutes=10) == BELIEVED_FOR
        assert self.outage(NetworkWatch(), 3600) == [True] * 21 + [False] * 99

    def test_somebody_who_is_reached_ends_it_and_the_next_time_counts_anew(self) -> None:
        watch = NetworkWatch()
        self.outage(watch, 1200)
        watch.note("h0.example", "http_200", after(1200), "shop-0")
        assert all(self.outage(watch, 1800, from_s=1290))

    def test_it_is_told_once_when_it_begins_and_once_when_it_ends(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        told: list[bool] = []
        watch = NetworkWatch(told.append)
        self.outage(watch, 3600)
        assert told == [True]
        assert [one.levelname for one in caplog.records] == ["ERROR", "ERROR"]
        for seconds in (3600, 3601):
            watch.note("h0.example", "http_200", after(seconds), "shop-0")
        assert told == [True, False]


class TestOurNameServer:
    def test_it_is_ours_without_any_other_but_for_ten_minutes_only(self) -> None:
        watch, found = NetworkWatch(), []
        for seconds in range(0, 1800, 60):
            watch.note("h.example", "resolver", after(seconds), "shop")
            found.append(watch.is_ours("resolver", after(seconds), "h.example"))
        assert found == [True] * 11 + [False] * 19

    def test_the_success_of_another_name_makes_the_ten_minutes_no_longer(self) -> None:
        watch, found = NetworkWatch(), []
        for seconds in range(0, 1800, 60):
            watch.note("well.example", "http_200", after(seconds), "well")
            watch.note("h.example", "resolver", after(seconds), "shop")
            found.append(watch.is_ours("resolver", after(seconds), "h.example"))
        assert found == [True] * 11 + [False] * 19

    def test_an_answer_for_the_name_ends_it(self) -> None:
        watch = NetworkWatch()
        watch.note("h.example", "resolver", NOW, "shop")
        watch.note("h.example", "timeout", after(500), "shop")
        watch.note("h.example", "resolver", after(700), "shop")
        assert watch.is_ours("resolver", after(700), "h.example")
