"""Reading what the kernel says of a process."""

import os

import pytest

from benchmarks.proc import (
    CpuTime,
    MachineTime,
    cpu_time,
    machine_time,
    parse_cpu_time,
    parse_machine_time,
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


class TestMachineTime:
    def test_waiting_for_a_disk_is_idle_and_guests_are_not_counted_twice(self) -> None:
        stat = "cpu  100 20 30 400 50 6 7 8 90 9\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
        assert parse_machine_time(stat) == MachineTime(busy=171, idle=450)

    def test_a_difference_has_a_busy_share(self) -> None:
        assert (MachineTime(40, 120) - MachineTime(10, 30)).busy_share == 0.25

    def test_this_machine_has_done_something(self) -> None:
        assert 0 < machine_time().busy_share <= 1
