"""What the URL of an endpoint may look like, before anything is looked up.

One narrow form, so that no two programs can read it differently: what this module takes for the
host is what the request goes to. Everything else is refused with a sentence that says what to
change. Used when an endpoint is saved and again before every attempt.
"""

import ipaddress
import re
from dataclasses import dataclass

from contracts.refusals import UnusableValue

LONGEST_URL = 2000

_CHARACTERS = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~#]+")
_PARTS = re.compile(r"(https?)://([^/?#]*)([/?][^#]*)?(#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_NAME = 253
_STANDARD_PORT = {"https": 443, "http": 80}
_LEAST_FREE_PORT, _MOST_PORT = 1024, 65535
_INSIDE = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"}
)
"""Last labels of names that mean something in one network only."""
_INSIDE_BELOW = (".home.arpa",)


class UnusableUrl(UnusableValue):
    """No endpoint has such a URL; `str()` is a sentence for its owner and quotes nothing."""


@dataclass(frozen=True)
class EndpointTarget:
    """Where a URL leads: `host` in small letters, an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int

    @property
    def public(self) -> bool:
        """Whether it may lead to the public internet: over TLS, by a name that is for everybody.

        Any other may only lead into networks that were opened by name.
        """
        return self.scheme == "https" and not is_inside_name(self.host)


def read_endpoint_url(url: str) -> EndpointTarget:
    """Where a URL leads. UnusableUrl says what is wrong with it."""
    if len(url) > LONGEST_URL:
        raise UnusableUrl(f"the URL is longer than {LONGEST_URL} characters", cause="url_too_long")
    if not _CHARACTERS.fullmatch(url):
        raise UnusableUrl(
            "the URL has a space, a control character, a backslash or a letter outside ASCII: "
            "write the host in its xn-- form and the rest percent-encoded",
            cause="url_characters",
        )
    parts = _PARTS.fullmatch(url)
    if parts is None:
        raise UnusableUrl("the URL starts with https:// and a host", cause="url_start")
    scheme, authority, _, fragment = parts.groups()
    if fragment is not None:
        raise UnusableUrl(
            "leave out the fragment, what follows #: no request carries it", cause="url_fragment"
        )
    host, port = _host_and_port(authority)
    return EndpointTarget(scheme.lower(), _known_host(host), _usable_port(scheme.lower(), port))


def checked_url(url: str) -> str:
    """The same URL, where it is one that an endpoint may have; UnusableUrl else."""
    read_endpoint_url(url)
    return url


def url_key(url: str) -> str:
    """What two URLs that lead to the same place have in common (RFC 3986, 6.2.2 and 6.2.3).

    Beyond the RFC: slashes that follow each other count as one, since most servers take them so.
    UnusableUrl where no endpoint may have such a URL.
    """
    target = read_endpoint_url(url)
    parts = _PARTS.fullmatch(url)
    path, _, query = (parts[3] or "" if parts else "").partition("?")
    host = f"[{ipaddress.IPv6Address(target.host)}]" if ":" in target.host else target.host
    port = "" if target.port == _STANDARD_PORT[target.scheme] else f":{target.port}"
    asked = f"?{_plainly_encoded(query)}" if query else ""
    return f"{target.scheme}://{host}{port}{_without_dots(_plainly_encoded(path))}{asked}"


def _plainly_encoded(text: str) -> str:
    """With nothing percent-encoded that need not be, and small hexadecimal digits made capital."""

    def plain(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if _UNRESERVED.fullmatch(character) else found[0].upper()

    return _ENCODED.sub(plain, text)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = [one for one in path.split("/") if one]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    is_folder = path.endswith("/") or segments[-1:] in (["."], [".."])
    return "/" + "/".join(kept) + ("/" if kept and is_folder else "")


def is_inside_name(host: str) -> bool:
    """Whether a host is a name of some private network: of one word, or below such as `.local`."""
    if ":" in host or _is_dotted_ipv4(host):
        return False
    last = host.rpartition(".")[2]
    return "." not in host or last in _INSIDE or host.endswith(_INSIDE_BELOW)


def _host_and_port(authority: str) -> tuple[str, str | None]:
    if "@" in authority:
        raise UnusableUrl(
            "leave user name and password out of the URL; use a header for them",
            cause="url_password",
        )
    found = _AUTHORITY.fullmatch(authority)
    if found is None or not found[1]:
        raise UnusableUrl(
            "the URL needs a host, and after a colon a port where it has one", cause="url_host"
        )
    return found[1].lower(), found[2]


def _usable_port(scheme: str, port: str | None) -> int:
    standard = _STANDARD_PORT[scheme]
    if port is None:
        return standard
    number = int(port) if _PORT.fullmatch(port) else 0
    if number != standard and not _LEAST_FREE_PORT <= number <= _MOST_PORT:
        raise UnusableUrl(f"the port is {standard}, or one from 1024 to 65535", cause="url_port")
    return number


def _known_host(host: str) -> str:
    if host.startswith("["):
        return _ipv6(host[1:-1])
    if _is_dotted_ipv4(host):
        return host
    labels = host.split(".")
    if _LOOKS_LIKE_A_NUMBER.fullmatch(labels[-1] or labels[-2]):
        raise UnusableUrl(
            "write an IPv4 address as four decimal numbers without leading zeros", cause="url_ip"
        )
    if len(host) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        raise UnusableUrl(
            "the host is a name of letters, digits and hyphens with single dots between its "
            "parts and none at its end",
            cause="url_host",
        )
    return host


def _ipv6(inside: str) -> str:
    try:
        address = ipaddress.IPv6Address(inside)
    except ValueError:
        raise UnusableUrl("what stands in brackets is no IPv6 address", cause="url_ip") from None
    if address.scope_id is not None:
        raise UnusableUrl("leave the zone out of the IPv6 address", cause="url_ip")
    return inside


def _is_dotted_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True
