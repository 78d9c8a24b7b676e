"""What the kernel says of a process: the CPU time it used and the most memory it ever held."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_FIRST_FIELD_AFTER_NAME = 3
_USER, _SYSTEM = 14, 15  # as proc(5) counts them, from 1
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class CpuTime:
    """Time on a core over all threads: in seconds, or in milliseconds per event."""

    user: float = 0.0
    system: float = 0.0

    @property
    def total(self) -> float:
        """User and system."""
        return self.user + self.system

    def __sub__(self, other: "CpuTime") -> "CpuTime":
        return CpuTime(self.user - other.user, self.system - other.system)

    def per_event_ms(self, events: int) -> "CpuTime":
        """Milliseconds for each of so many events."""
        return CpuTime(self.user * 1000 / events, self.system * 1000 / events)


@dataclass(frozen=True)
class MachineTime:
    """What all cores together have done so far, whoever asked for it, in the kernel's ticks."""

    busy: int
    idle: int

    @property
    def busy_share(self) -> float:
        """0 to 1."""
        return self.busy / max(self.busy + self.idle, 1)

    def __sub__(self, other: "MachineTime") -> "MachineTime":
        return MachineTime(self.busy - other.busy, self.idle - other.idle)


def machine_time() -> MachineTime:
    """What the machine has done since it started."""
    return parse_machine_time(Path("/proc/stat").read_text(encoding="utf-8"))


def cpu_time(pid: int) -> CpuTime:
    """What a running process has used so far."""
    return parse_cpu_time(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"), _TICKS)


def own_cpu_time() -> CpuTime:
    """What this very process has used so far."""
    used = os.times()
    return CpuTime(used.user, used.system)


def peak_memory_mib(pid: int) -> float:
    """The most resident memory a running process ever had, in MiB."""
    return parse_peak_memory_mib(Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))


def parse_cpu_time(stat: str, ticks_a_second: int) -> CpuTime:
    """Read `/proc/<pid>/stat`; the process name in it may hold spaces and brackets."""
    fields = stat.rpartition(")")[2].split()
    user, system = (int(fields[n - _FIRST_FIELD_AFTER_NAME]) for n in (_USER, _SYSTEM))
    return CpuTime(user / ticks_a_second, system / ticks_a_second)


def parse_machine_time(stat: str) -> MachineTime:
    """Read the first line of `/proc/stat`. Waiting for a disk counts as idle."""
    user, nice, system, idle, waiting, *others = map(int, stat.splitlines()[0].split()[1:9])
    return MachineTime(user + nice + system + sum(others), idle + waiting)


def parse_peak_memory_mib(status: str) -> float:
    """Read the high-water mark in `/proc/<pid>/status`."""
    found = _PEAK.search(status)
    if found is None:
        raise ValueError("the process has ended, or this system does not tell its peak memory")
    return int(found.group(1)) / 1024
