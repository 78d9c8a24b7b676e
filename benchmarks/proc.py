"""What the kernel says of processes and cores: CPU time used, memory held."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # comes with the embedded PostgreSQL

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

    def __add__(self, other: "CpuTime") -> "CpuTime":
        return CpuTime(self.user + other.user, self.system + other.system)

    def __sub__(self, other: "CpuTime") -> "CpuTime":
        return CpuTime(self.user - other.user, self.system - other.system)

    def per_event_ms(self, events: int) -> "CpuTime":
        """Milliseconds for each of so many events."""
        return CpuTime(self.user * 1000 / events, self.system * 1000 / events)


@dataclass(frozen=True)
class Usage:
    """What a process and its children hold: memory of their own in MiB, which leaves out what they
    share; open files, threads, TCP connections."""

    memory_mib: float
    files: int
    threads: int
    connections: int


@dataclass(frozen=True)
class MachineTime:
    """What all cores together have done so far, in seconds. Waiting for a disk counts as idle."""

    busy: float
    idle: float

    @property
    def busy_share(self) -> float:
        """0 to 1."""
        return self.busy / max(self.busy + self.idle, 0.01)

    def __sub__(self, other: "MachineTime") -> "MachineTime":
        return MachineTime(self.busy - other.busy, self.idle - other.idle)


def machine_time() -> MachineTime:
    """What the machine has done since it started."""
    spent = psutil.cpu_times()
    busy = spent.user + spent.nice + spent.system + spent.irq + spent.softirq + spent.steal
    return MachineTime(busy, spent.idle + spent.iowait)


def cpu_time(pid: int) -> CpuTime:
    """What a process and its children, ended ones too, have used so far."""
    spent = CpuTime()
    for one in (psutil.Process(pid), *_family(pid)):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            spent += CpuTime(times.user, times.system)
            spent += CpuTime(times.children_user, times.children_system)
    return spent


def own_cpu_time() -> CpuTime:
    """What this very process, without its children, has used so far."""
    used = os.times()
    return CpuTime(used.user, used.system)


def descendants(pid: int) -> list[int]:
    """The children of a process and theirs: PostgreSQL has one for each connection."""
    return [one.pid for one in _family(pid)]


def peak_memory_mib(pid: int) -> float:
    """The most resident memory a running process ever had, in MiB."""
    found = _PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("the process has ended, or this system does not tell its peak memory")
    return int(found.group(1)) / 1024


def usage(pid: int) -> Usage:
    """What a running process holds now. ProcessLookupError when it is not there."""
    held = [_held(one) for one in (_running(pid), *_family(pid))]
    found = [one for one in held if one is not None]
    return Usage(
        memory_mib=sum(one.memory_mib for one in found),
        files=sum(one.files for one in found),
        threads=sum(one.threads for one in found),
        connections=sum(one.connections for one in found),
    )


def _running(pid: int) -> psutil.Process:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        raise ProcessLookupError(pid) from None


def _held(one: psutil.Process) -> Usage | None:
    """None for a child that has ended meanwhile."""
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return Usage(
            memory_mib=one.memory_full_info().uss / 2**20,
            files=one.num_fds(),
            threads=one.num_threads(),
            connections=len(one.net_connections("tcp")),
        )
    return None


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        children: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
        return children
    return []
