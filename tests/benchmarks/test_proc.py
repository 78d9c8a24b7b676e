"""Reading what the kernel says of a process."""

import os

import pytest

from benchmarks.proc import (
    CpuTime,
    cpu_time,
    parse_cpu_time,
    parse_peak_memory_mib,
    peak_memory_mib,
)

STAT = (
    "4711 (a (strange) name) S 1 4711 4711 0 -1 4194560 40711 0 84 0 "
    "1250 340 11 12 20 0 9 0 123456 1485468672 48774 18446744073709551615"
)
STATUS = "Name:\tpython\nVmPeak:\t  999999 kB\nVmHWM:\t  102400 kB\nVmRSS:\t   51200 kB\n"


class TestCpuTime:
    def test_reads_user_and_system_behind_any_name(self) -> None:
        assert parse_cpu_time(STAT, ticks_a_second=100) == CpuTime(user=12.5, system=3.4)

    def test_a_difference_per_event_is_in_milliseconds(self) -> None:
        spent = (CpuTime(3.0, 1.5) - CpuTime(1.0, 0.5)).per_event_ms(100)
        assert (spent.user, spent.system, spent.total) == (20.0, 10.0, 30.0)

    def test_this_process_has_used_some(self) -> None:
        assert cpu_time(os.getpid()).total > 0


class TestPeakMemory:
    def test_reads_the_high_water_mark_and_nothing_else(self) -> None:
        assert parse_peak_memory_mib(STATUS) == 100.0

    def test_a_process_that_has_ended_has_none(self) -> None:
        with pytest.raises(ValueError, match="ended"):
            parse_peak_memory_mib("Name:\tpython\nState:\tZ (zombie)\n")

    def test_this_process_holds_some(self) -> None:
        assert peak_memory_mib(os.getpid()) > 1
