"""Reading what the kernel says of processes."""

import os
import subprocess
import sys

from benchmarks.proc import (
    CpuTime,
    MachineTime,
    cpu_time,
    descendants,
    machine_time,
    own_cpu_time,
    peak_memory_mib,
)

PARENT_OF_ONE = """
import subprocess, sys
work = "sum(range(3_000_000)); print(flush=True); input()"
child = subprocess.Popen([sys.executable, "-c", work])
child.wait()
"""


class TestCpuTime:
    def test_a_difference_per_event_is_in_milliseconds(self) -> None:
        spent = (CpuTime(3.0, 1.5) - CpuTime(1.0, 0.5)).per_event_ms(100)
        assert (spent.user, spent.system, spent.total) == (20.0, 10.0, 30.0)

    def test_children_are_counted_and_found(self) -> None:
        command = [sys.executable, "-S", "-c", PARENT_OF_ONE]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe) as parent:
            assert parent.stdout is not None
            parent.stdout.readline()
            [child] = descendants(parent.pid)
            assert cpu_time(parent.pid).total > cpu_time(child).total > 0
            parent.communicate(b"\n")

    def test_this_process_has_used_some(self) -> None:
        assert own_cpu_time().total > 0


def test_this_process_holds_some_memory() -> None:
    assert peak_memory_mib(os.getpid()) > 1


class TestMachineTime:
    def test_a_difference_has_a_busy_share(self) -> None:
        assert (MachineTime(40, 120) - MachineTime(10, 30)).busy_share == 0.25

    def test_this_machine_has_done_something(self) -> None:
        assert 0 < machine_time().busy_share <= 1
