"""Ports for servers that die and come back.

They lie below the range from which the system picks ports for outgoing connections: in that
range somebody who calls a dead server's port could be given that very port and talk to himself.
"""

import random
from contextlib import ExitStack
from pathlib import Path

from commands.ports import listen
from contracts.errors import ConfigurationError

_LOWEST = 15_000
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_FIRST_OUTGOING = 32_768


def lasting_ports(count: int) -> list[int]:
    """Different ports of 127.0.0.1 that nobody listens on now."""
    candidates = list(range(_LOWEST, _first_outgoing()))
    random.SystemRandom().shuffle(candidates)
    found: list[int] = []
    with ExitStack() as held:
        for port in candidates:
            if len(found) == count:
                break
            try:
                held.enter_context(listen("127.0.0.1", port, "ledger"))
            except ConfigurationError:
                continue
            found.append(port)
    return found


def _first_outgoing() -> int:
    try:
        return int(_RANGE.read_text(encoding="ascii").split()[0])
    except OSError:
        return _USUAL_FIRST_OUTGOING
