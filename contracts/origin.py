"""What may stand in DOORSTEP_PUBLIC_URL: a scheme, a host and perhaps a port, and nothing else; and
in DOORSTEP_OIDC_ISSUER, where a path may follow."""

import ipaddress
import re

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
"""No underscore in the host: Twilio refuses such a status callback (error 21609)."""

_WITH_PATH = re.compile(r"(?P<origin>[^/]+//[^/]+)(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")


def is_origin(text: str) -> bool:
    """Whether this is `https://host` or `https://host:port`; `http://` is for loopback only."""
    match = _ORIGIN.fullmatch(text)
    if match is None or not 0 < int(match["port"] or 1) <= 65_535:
        return False
    return match["scheme"] == "https" or _is_loopback(match["host"].strip("[]"))


def is_issuer(text: str) -> bool:
    """Whether this is an origin, perhaps with a path: an address that a secret may be sent to."""
    match = _WITH_PATH.fullmatch(text)
    return match is not None and is_origin(match["origin"])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
