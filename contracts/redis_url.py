"""Which addresses name a Redis."""

from urllib.parse import parse_qs, urlsplit

REDIS_OPTIONS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
"""Files for TLS, which a URL of Redis may name behind a question mark."""

_SCHEMES = ("redis", "rediss")


def is_redis_url(url: str) -> bool:
    """Whether a URL names a Redis, with nothing in it that its client would stumble over later."""
    try:
        parts = urlsplit(url)
        options = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        usable_port = parts.port != 0
    except ValueError:
        return False
    number = parts.path.strip("/")
    return (
        parts.scheme in _SCHEMES
        and bool(parts.hostname)
        and usable_port
        and (not number or (number.isascii() and number.isdigit()))
        and set(options) <= (set(REDIS_OPTIONS) if parts.scheme == "rediss" else set())
        and not parts.fragment
    )
