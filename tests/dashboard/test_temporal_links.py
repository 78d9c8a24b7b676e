"""Where ops go from a page to the Temporal UI."""

from urllib.parse import unquote

import pytest

from dashboard.temporal_links import place_link

UI = "http://temporal.test/namespaces/default"
HOME = "/dashboard/p/shop"


@pytest.mark.parametrize(
    ("path", "query", "place"),
    [
        (f"{HOME}/events/evt-1", {}, "workflows/event/evt-1"),
        (f"{HOME}/orders", {"order_id": "ORD-1"}, 'workflows?query=OrderId="ORD-1"'),
        (f"{HOME}/orders", {"order_id": 'O"1'}, 'workflows?query=OrderId="O\\"1"'),
        (f"{HOME}/orders", {"order_id": "O\\"}, 'workflows?query=OrderId="O\\\\"'),
        (f"{HOME}/orders", {"order_id": 'O\\" OR "'}, 'workflows?query=OrderId="O\\\\\\" OR \\""'),
        (f"{HOME}/orders", {}, 'workflows?query=PartnerId="shop"'),
        (f"{HOME}/endpoints/ep_1/recoveries/rcv_1", {}, "workflows/recovery/ep_1"),
        (
            f"{HOME}/dead-letters",
            {"reason": "gone"},
            'workflows?query=PartnerId="shop" AND DeliveryState="dead_lettered"',
        ),
        (HOME, {}, 'workflows?query=PartnerId="shop"'),
        (f"{HOME}/texts/delivered/en", {}, 'workflows?query=PartnerId="shop"'),
        ("/dashboard/ops/partners/shop", {}, 'workflows?query=PartnerId="shop"'),
        ("/dashboard/ops/held", {"q": "x"}, 'workflows?query=DeliveryState="held"'),
        ("/dashboard/ops/dead-letters", {}, 'workflows?query=DeliveryState="dead_lettered"'),
    ],
)
def test_a_page_leads_to_what_it_is_about(path: str, query: dict[str, str], place: str) -> None:
    link = place_link(UI, path, query)
    assert link is not None
    assert unquote(link) == f"{UI}/{place}"
    assert place_link(None, path, query) is None


@pytest.mark.parametrize(
    "path", ["/dashboard/ops", "/dashboard/ops/partners/new", "/dashboard/account"]
)
def test_some_are_about_no_execution(path: str) -> None:
    assert place_link(UI, path, {}) is None
