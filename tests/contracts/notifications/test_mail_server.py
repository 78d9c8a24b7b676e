"""What may be set of a mail server."""

import pytest

from contracts.notifications.mail_server import is_host, is_this_machine, read_sender


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("tracking@example.com", "", "tracking@example.com"),
        ("Tracking <tracking@example.com>", "Tracking", "tracking@example.com"),
        ('"Swift, India" <t@swift.example>', "Swift, India", "t@swift.example"),
        ("ट्रैकिंग <t@swift.example>", "ट्रैकिंग", "t@swift.example"),
        ("doorstep@localhost", "", "doorstep@localhost"),
    ],
)
def test_a_sender(text: str, name: str, address: str) -> None:
    sender = read_sender(text)
    assert (sender.display_name, sender.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tracking",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "Track\r\ning <a@b.example>",
        "a@b.example <c@d.example>",
        "टी@swift.example",
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"use tracking@example\.com"):
        read_sender(text)


def test_hosts() -> None:
    assert all(is_host(one) for one in ("smtp.example.com", "localhost", "10.0.0.7", "::1"))
    assert not any(is_host(one) for one in ("", "a b", "smtp://x", "x:25", "a/b", "-x", "a\r\nb"))


def test_this_machine() -> None:
    assert all(is_this_machine(one) for one in ("localhost", "127.0.0.1", "127.9.9.9", "::1"))
    assert not any(is_this_machine(one) for one in ("smtp.example.com", "10.0.0.7", "0.0.0.0"))
