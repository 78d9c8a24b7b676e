"""What a listening socket of ours is like."""

import socket

from commands.ports import LOOPBACK, free_ports, listen


class TestConnections:
    def test_send_the_body_of_an_answer_without_waiting(self) -> None:
        [port] = free_ports(1)
        with (
            listen(LOOPBACK, port, "PORT") as listening,
            socket.create_connection((LOOPBACK, port)),
            listening.accept()[0] as accepted,
        ):
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
