"""From where somebody is signed in, as they recognise it: their browser in two names, and the
network without its last part. Nothing more is kept of either."""

import ipaddress

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What each calls itself, the particular before the general: all of them say Safari."""
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_named(user_agent: str) -> str:
    """Such as `Chrome · Android`; nothing of a program that we do not know."""
    found = (_first(user_agent, names) for names in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in found if name)


def network_shown(client: str) -> str:
    """Such as `192.0.2.…` and `2001:db8:1:…`: enough to tell home from elsewhere."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 4 or mapped is not None:
        return str(mapped or address).rpartition(".")[0] + ".…"
    return ":".join(f"{int(part, 16):x}" for part in address.exploded.split(":")[:3]) + ":…"


def _first(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
