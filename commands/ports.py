"""Ports: whether one is free, some that are, and listening on one."""

import errno
import socket

from contracts.errors import ConfigurationError

LOOPBACK = "127.0.0.1"


def listen(host: str, port: int, variable: str) -> socket.socket:
    """A socket that listens. ConfigurationError names the variable to change when it cannot."""
    try:
        listening = socket.create_server((host, port), family=address_family(host), backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"{variable}: port {port} on {host} is taken; set another one, "
                "or stop what listens there"
            ) from None
        raise ConfigurationError(
            f"{variable}: cannot listen on {host} port {port} ({error.strerror or error})"
        ) from None
    # Connections inherit this. asyncio sets it only on sockets that were made with a protocol
    # number; without it the body of an answer waits up to 40 ms for the receipt of its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_family(host: str) -> socket.AddressFamily:
    """Of an address to listen on."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def require_free(host: str, port: int, variable: str) -> None:
    """ConfigurationError unless somebody could listen there now."""
    listen(host, port, variable).close()


def free_ports(count: int) -> list[int]:
    """Different ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    try:
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
