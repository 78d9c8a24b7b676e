"""The dashboard's search with a million events: from the form that is sent to the page that is
shown, which are two requests: the list of what was found, or the order where one was meant.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from benchmarks.log_fill import Filled
from benchmarks.pages import Page, time_requests
from benchmarks.search_fill import name_of, phone_of, ref_of
from benchmarks.wire import Answer, Wire

_TOKEN = re.compile(rb'name="csrf" value="([^"]+)"')

Typed = Callable[[int], str]


def searches(filled: Filled) -> Mapping[str, Typed]:
    """What is typed, by what it is; the number of a request gives another order."""
    return {
        "order number": lambda order: f"ORD-{order}",
        "shop's own number": ref_of,
        "AWB number": lambda order: f"awb {order}",
        "event id": lambda order: f"log-{order + filled.orders}",
        "phone": lambda order: phone_of(order)[3:],
        "last four digits": lambda order: phone_of(order)[-4:],
        "name": name_of,
        "one word of a name": lambda order: name_of(order).split()[0],
        "beginning of a number": lambda order: f"ORD-{order}"[:-1],
        "beginning that all have": lambda _order: "ORD",
        "nothing": lambda order: f"NONE-{order}",
    }


async def measure_searches(
    wire: Wire, sign_in: Callable[[], Awaitable[str]], filled: Filled, requests: int
) -> list[Page]:
    """Each of them, in one shop and over all. Each in a session of its own: one may ask for 600
    pages a minute."""
    pages = []
    for name, typed in searches(filled).items():
        for where, base_of in (("", _shop_of(filled)), ("ops: ", lambda _order: "/ops")):
            cookie = await sign_in()
            ask = await _searcher(wire, cookie, base_of, typed, filled)
            took = await time_requests(ask, requests, b"</html>")
            pages.append(Page.of(f"{where}search, {name}", took))
    return pages


def _shop_of(filled: Filled) -> Callable[[int], str]:
    return lambda order: f"/p/{filled.partner_of(order)}"


async def _searcher(
    wire: Wire, cookie: str, base_of: Callable[[int], str], typed: Typed, filled: Filled
) -> Callable[[int], Awaitable[Answer]]:
    """Types the number's text, and goes where the answer leads."""
    account = await wire.ask("GET", "/dashboard/account", cookie=cookie)
    token = _TOKEN.findall(account.body)[0].decode()

    async def ask(number: int) -> Answer:
        order = number * 7919 % filled.orders
        form = urlencode({"csrf": token, "q": typed(order)}).encode()
        place = f"/dashboard{base_of(order)}/search"
        sent = await wire.ask("POST", place, form, cookie=cookie, is_form=True)
        if sent.location is None:
            return sent
        return await wire.ask("GET", sent.location, cookie=cookie)

    return ask
