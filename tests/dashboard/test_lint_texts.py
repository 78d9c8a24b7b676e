"""What there is to say about a template of SMS has a sentence of the pages, of its own kind."""

import pytest

from contracts.payload.events import EventType
from contracts.sms.lint import lint
from dashboard.lint_texts import finding_said, is_known
from dashboard.translations import words_in

BAD = [
    "",
    "x" * 1700,
    " Order {order_id} ",
    "Order\u200b {order_id}",
    "Order {order_id} https://bit.ly/abc",
    "Order {order_id} http://shop.example/a",
    "Order {order_id}, call 98765 43210",
    "Order {order_id}" + " and so on" * 90,
    "Order {order_id}\u2019s on its way",
    "Order {order_id} for {customer}",
    "Order  {order_id}",
    "Order {order_id} [{customer}] now",
    "[{customer}]",
    "Order {order_id",
    "Order order_id}",
    "Order [ [{customer}] ]",
    "Order {nothing}",
    "Order {order_id} [soon]",
]


@pytest.mark.parametrize("text", BAD)
def test_each_finding_is_of_a_known_kind(text: str) -> None:
    found = lint(text, EventType.OUT_FOR_DELIVERY, most_parts=2, longest=30)
    assert found
    assert [one.message for one in found if not is_known(one.message)] == []


def test_it_names_what_is_meant() -> None:
    [first, *_] = lint("{nothing}", EventType.OUT_FOR_DELIVERY, most_parts=2, longest=30)
    for language in ("en", "hi"):
        assert "{nothing}" in finding_said(words_in(language), first.message)


def test_one_of_no_kind_says_that_there_is_one() -> None:
    assert finding_said(words_in(), "something else") == words_in()("lint-other")
