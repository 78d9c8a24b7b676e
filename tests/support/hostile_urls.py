"""URLs that lead inside, or hide where they lead: every class, notation and trick.

`PORT` is where the test's own listener waits, on 127.0.0.1.
"""

from collections.abc import Mapping

from tests.support.addresses import NEVER, PUBLIC

PORT = "{port}"
_GOOD = PUBLIC["v4"]

NAMES: Mapping[str, list[list[str]]] = {
    "hooks.good-shop.example": [[_GOOD]],
    "inside.shop.example": [["10.0.0.1"]],
    "loopback.shop.example": [["127.0.0.1"]],
    "loopback6.shop.example": [["::1"]],
    "mapped.shop.example": [["::ffff:7f00:1"]],
    "mixed.shop.example": [[_GOOD, "127.0.0.1"]],
    "mixed-first.shop.example": [["127.0.0.1", _GOOD]],
    "mixed-families.shop.example": [[_GOOD, "::1"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "public.internal": [[_GOOD]],
    "printer.local": [[_GOOD]],
    "intranet": [[_GOOD]],
    "nas.home.arpa": [[_GOOD]],
    "sub.localhost": [["127.0.0.1"]],
}
"""What the tests' name server says; a name that is not here is known to nobody."""

_NOTATIONS = {
    "decimal": f"https://2130706433:{PORT}/",
    "octal": f"https://0177.0.0.1:{PORT}/",
    "octal, short": f"https://0177.1:{PORT}/",
    "octal, one number": f"https://017700000001:{PORT}/",
    "hexadecimal": f"https://0x7f000001:{PORT}/",
    "hexadecimal, short": f"https://0x7f.1:{PORT}/",
    "hexadecimal, parts": f"https://0x7f.0x0.0x0.0x1:{PORT}/",
    "short": f"https://127.1:{PORT}/",
    "three parts": f"https://127.0.1:{PORT}/",
    "zero": f"https://0:{PORT}/",
    "leading zeros": f"https://127.000.000.001:{PORT}/",
    "a number as the last part": f"https://shop.example.1:{PORT}/",
    "beyond its part": f"https://127.0.0.257:{PORT}/",
    "five parts": f"https://127.0.0.0.1:{PORT}/",
    "dot at the end": f"https://127.0.0.1.:{PORT}/",
    "name with a dot at the end": f"https://localhost.:{PORT}/",
    "public name with a dot at the end": "https://hooks.good-shop.example./",
    "two dots": "https://hooks..good-shop.example/",
    "percent-encoded": f"https://%31%32%37.0.0.1:{PORT}/",
    "percent-encoded dot": f"https://127%2e0.0.1:{PORT}/",
    "full-width digits": f"https://１２７.0.0.1:{PORT}/",  # noqa: RUF001
    "full-width dots": f"https://127。0。0。1:{PORT}/",
    "circled digits": f"https://①②⑦.⓪.⓪.①:{PORT}/",
    "other script's digits": f"https://१२७.0.0.1:{PORT}/",
    "full-width letters": f"https://ｌｏｃａｌｈｏｓｔ:{PORT}/",  # noqa: RUF001
    "not ASCII": "https://दुकान.example/",
    "soft hyphen": f"https://local\u00adhost:{PORT}/",
    "v6 mapped": f"https://[::ffff:127.0.0.1]:{PORT}/",
    "v6 mapped, hexadecimal": f"https://[::ffff:7f00:1]:{PORT}/",
    "v6 mapped, written out": f"https://[0:0:0:0:0:ffff:127.0.0.1]:{PORT}/",
    "v6 zone": f"https://[fe80::1%25eth0]:{PORT}/",
    "v6 zone, bare": f"https://[fe80::1%eth0]:{PORT}/",
    "v6 without brackets": "https://::1/",
    "v6 not closed": "https://[::1/",
    "v6, future form": "https://[v1.fe80::a]/",
    "brackets around a name": f"https://[localhost]:{PORT}/",
}

_NAMES_OF_INSIDE = {
    "localhost": f"https://localhost:{PORT}/",
    "localhost, in capitals": f"https://LOCALHOST:{PORT}/",
    "below localhost": f"https://sub.localhost:{PORT}/",
    "one word": f"https://intranet:{PORT}/",
    "below .local": f"https://printer.local:{PORT}/",
    "below .internal": f"https://public.internal:{PORT}/",
    "below .home.arpa": f"https://nas.home.arpa:{PORT}/",
    "cloud metadata": "https://metadata.google.internal/computeMetadata/v1/",
    "leads to private": f"https://inside.shop.example:{PORT}/",
    "leads to loopback": f"https://loopback.shop.example:{PORT}/",
    "leads to v6 loopback": f"https://loopback6.shop.example:{PORT}/",
    "leads to mapped loopback": f"https://mapped.shop.example:{PORT}/",
    "leads outside and inside": f"https://mixed.shop.example:{PORT}/",
    "leads inside and outside": f"https://mixed-first.shop.example:{PORT}/",
    "leads outside and to v6 inside": f"https://mixed-families.shop.example:{PORT}/",
    "leads nowhere": f"https://nobody.shop.example:{PORT}/",
    "label too long": f"https://{'a' * 64}.example/",
    "name too long": f"https://{'a.' * 130}example/",
    "label that begins with a hyphen": "https://-a.example/",
    "empty xn--": "https://xn--/",
}

_TRICKS = {
    "plain http": "http://hooks.good-shop.example/",
    "plain http to an address": f"http://{_GOOD}/",
    "userinfo": f"https://hooks.good-shop.example@127.0.0.1:{PORT}/",
    "userinfo with a password": f"https://a:b@127.0.0.1:{PORT}/",
    "userinfo before a good host": "https://127.0.0.1@hooks.good-shop.example/",
    "two userinfos": f"https://a@hooks.good-shop.example@127.0.0.1:{PORT}/",
    "userinfo, encoded": f"https://hooks.good-shop.example%40127.0.0.1:{PORT}/",
    "empty userinfo": f"https://@127.0.0.1:{PORT}/",
    "backslash": f"https://127.0.0.1:{PORT}\\@hooks.good-shop.example/",
    "backslashes for slashes": f"https:\\\\127.0.0.1:{PORT}\\",
    "backslash in the host": "https://hooks.good-shop.example\\.evil.example/",
    "tab": f"https://127.0.\t0.1:{PORT}/",
    "newline": f"https://127.0.0.1:{PORT}/\nx",
    "newline at the end": f"https://127.0.0.1:{PORT}/\n",
    "header smuggled in": f"https://127.0.0.1:{PORT}/ HTTP/1.1\r\nX-Admin: 1\r\n",
    "NUL": f"https://127.0.0.1\x00.good-shop.example:{PORT}/",
    "space before": f" https://127.0.0.1:{PORT}/",
    "space in the host": f"https://hooks.good-shop.example 127.0.0.1:{PORT}/",
    "fragment": "https://hooks.good-shop.example/#frag",
    "fragment before userinfo": f"https://hooks.good-shop.example#@127.0.0.1:{PORT}/",
    "fragment in the host": f"https://127.0.0.1:{PORT}#@hooks.good-shop.example/",
    "query for a path": f"https://127.0.0.1:{PORT}?@hooks.good-shop.example/",
    "one slash": f"https:/127.0.0.1:{PORT}/",
    "three slashes": f"https:///127.0.0.1:{PORT}/",
    "no scheme": f"//127.0.0.1:{PORT}/",
    "another scheme": f"gopher://127.0.0.1:{PORT}/_GET",
    "a file": "file:///etc/passwd",
    "scheme over a socket": "unix:///var/run/docker.sock",
    "nothing": "",
    "no host": "https://",
    "no host, a port": "https://:8443/",
    "two ports": f"https://127.0.0.1:443:{PORT}/",
    "too long": "https://hooks.good-shop.example/" + "x" * 2000,
}

_PORTS = {
    f"port {port}": f"https://hooks.good-shop.example:{port}/"
    for port in ("0", "22", "25", "80", "465", "1023", "65536", "99999999999", "-1", "+443", "0443")
} | {"port empty": "https://hooks.good-shop.example:/", "port in words": "https://x.example:https/"}

_ADDRESSES = {
    f"address: {name}": f"https://[{one}]:{PORT}/" if ":" in one else f"https://{one}:{PORT}/"
    for name, one in NEVER.items()
}

HOSTILE_URLS: Mapping[str, str] = {
    **_ADDRESSES,
    **_NOTATIONS,
    **_NAMES_OF_INSIDE,
    **_TRICKS,
    **_PORTS,
}

GOOD_URLS: Mapping[str, str] = {
    "the usual one": "https://hooks.good-shop.example/doorstep",
    "in capitals": "HTTPS://Hooks.Good-Shop.Example/Doorstep",
    "no path": "https://hooks.good-shop.example",
    "query at once": "https://hooks.good-shop.example?shop=1",
    "443 written out": "https://hooks.good-shop.example:443/",
    "8443": "https://hooks.good-shop.example:8443/",
    "1024": "https://hooks.good-shop.example:1024/",
    "65535": "https://hooks.good-shop.example:65535/",
    "an @ in the path": "https://hooks.good-shop.example/a@b?c=d@e",
    "percent-encoded path": "https://hooks.good-shop.example/%E0%A4%A6?x=%20",
    "an address": f"https://{_GOOD}/",
    "a v6 address": f"https://[{PUBLIC['v6']}]:8443/hook",
}
