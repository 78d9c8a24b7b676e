"""Custom headers: which names and values are taken, and that no error shows a value."""

import pytest

from contracts.endpoints.headers import MASK, checked_headers, masked

TAKEN = {
    "Authorization": "Bearer abc.def-123",
    "X-Api-Key": "k",
    "x-tenant!": "with a space inside",
    "cookie": "a=b; c=d",
}
REFUSED = {
    "no name": ("", "v"),
    "a space in the name": ("x key", "v"),
    "a colon in the name": ("x:key", "v"),
    "a line break in the name": ("x\r\nkey", "v"),
    "not ASCII": ("कुंजी", "v"),
    "too long a name": ("x" * 65, "v"),
    "host": ("Host", "inside.example"),
    "content-length": ("Content-Length", "0"),
    "content-type": ("content-type", "text/plain"),
    "ours": ("webhook-signature", "v1,x"),
    "ours, in capitals": ("WEBHOOK-ID", "x"),
    "user-agent": ("User-Agent", "curl"),
    "traceparent": ("Traceparent", "00-1"),
    "accept-encoding": ("accept-encoding", "gzip"),
    "connection": ("Connection", "close"),
    "keep-alive": ("keep-alive", "1"),
    "te": ("TE", "trailers"),
    "trailer": ("trailer", "x"),
    "transfer-encoding": ("Transfer-Encoding", "chunked"),
    "upgrade": ("upgrade", "h2c"),
    "http2-settings": ("http2-settings", "x"),
    "proxy": ("Proxy-Authorization", "x"),
    "expect": ("expect", "100-continue"),
    "empty value": ("x-key", ""),
    "CR LF": ("x-key", "hunter2\r\nx-admin: 1"),
    "LF": ("x-key", "hunter2\nx"),
    "NUL": ("x-key", "hunter2\x00"),
    "tab": ("x-key", "hunter2\tx"),
    "space before": ("x-key", " hunter2"),
    "space after": ("x-key", "hunter2 "),
    "value not ASCII": ("x-key", "hunter2é"),
    "too long a value": ("x-key", "hunter2" * 200),
    "the mask": ("x-key", MASK),
}


def test_what_is_taken_has_its_names_in_small_letters() -> None:
    assert checked_headers(TAKEN) == {name.lower(): value for name, value in TAKEN.items()}


@pytest.mark.parametrize(("name", "value"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"header|value") as caught:
        checked_headers({name: value})
    assert "hunter2" not in str(caught.value)


def test_twice_in_other_letters() -> None:
    with pytest.raises(ValueError, match="twice"):
        checked_headers({"X-Key": "a", "x-key": "b"})


def test_shown_masked() -> None:
    assert masked(["x-key"]) == {"x-key": MASK}
    assert masked(None) == {}
