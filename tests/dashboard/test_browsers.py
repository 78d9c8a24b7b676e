"""What is kept of where somebody signs in from."""

import pytest

from dashboard.browsers import browser_named, network_shown


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0", "Samsung Internet · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox · Linux"),
        ("curl/8.14.1", ""),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_two_names_of_ours(user_agent: str, name: str) -> None:
    assert browser_named(user_agent) == name


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        ("192.0.2.7", "192.0.2.…"),
        ("::ffff:192.0.2.7", "192.0.2.…"),
        ("2001:db8:1:2::3", "2001:db8:1:…"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_a_network_is_shown_without_its_last_part(client: str, shown: str) -> None:
    assert network_shown(client) == shown
