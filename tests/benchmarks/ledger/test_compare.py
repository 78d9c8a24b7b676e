"""The ledger's comparing finds every kind of fault, and nothing in a run without one."""

from dataclasses import replace

import pytest

from benchmarks.ledger.compare import LOST, Fault, Kind, compare, duplicates, unrecorded
from benchmarks.ledger.counts import (
    Acknowledged,
    Counts,
    GivenInstruction,
    Request,
    StoredDelivery,
    StoredEvent,
    StoredInstruction,
    StoredText,
    Text,
)

A, B = "ep_a", "ep_b"


def make_counts() -> Counts:
    """Two events of one order: a webhook that arrived, one that did not, and a text."""
    return Counts(
        acknowledged=[
            Acknowledged("e1", "shop", "o1", frozenset({A})),
            Acknowledged("e2", "shop", "o1", frozenset({A, B, "sms"})),
        ],
        events=[
            StoredEvent("e1", "shop", "o1", sequence=1),
            StoredEvent("e2", "shop", "o1", sequence=2, delivery_count=3),
        ],
        deliveries=[
            StoredDelivery("d1", "e1", A),
            StoredDelivery("d2", "e2", A, "dead_lettered", attempts=2, open_dead_letters=1),
            StoredDelivery("d3", "e2", B, "skipped", attempts=0),
            StoredDelivery("d4", "e2", "sms", attempts=1),
        ],
        stored_texts=[StoredText("e2", "+919876543210", "hello", sid="SM1")],
        requests=[
            Request(A, "e1", body_sha256="one"),
            Request(A, "e2", accepted=False, body_sha256="two"),
            Request(A, "e2", accepted=False, body_sha256="two"),
        ],
        texts=[Text("SM1", "+919876543210", "hello")],
        told=[GivenInstruction("shop", "o1", "hold")],
        instructions=[StoredInstruction("ins_1", "shop", "o1", "hold")],
        posts=[Request("oms", "ins_1"), Request("oms", "ins_1", accepted=False)],
    )


GOOD = make_counts()


def with_delivery(position: int, **changes: object) -> Counts:
    """The good counts with one delivery changed."""
    rows = list(GOOD.deliveries)
    rows[position] = replace(rows[position], **changes)  # type: ignore[arg-type]
    return replace(GOOD, deliveries=rows)


def with_event(position: int, **changes: object) -> Counts:
    """The good counts with one event changed."""
    rows = list(GOOD.events)
    rows[position] = replace(rows[position], **changes)  # type: ignore[arg-type]
    return replace(GOOD, events=rows)


def with_request(request: Request) -> Counts:
    """The good counts with one more request, and room for it among the attempts."""
    more = replace(GOOD, requests=[*GOOD.requests, request])
    rows = [replace(one, attempts=one.attempts + 1) for one in GOOD.deliveries]
    return replace(more, deliveries=rows)


def with_text_row(**changes: object) -> Counts:
    """The good counts with the stored text changed."""
    [row] = GOOD.stored_texts
    return replace(GOOD, stored_texts=[replace(row, **changes)])  # type: ignore[arg-type]


FAULTS = [
    (
        "a 202 whose row is gone",
        replace(GOOD, events=GOOD.events[1:], deliveries=GOOD.deliveries[1:]),
        {Kind.NO_ROW, Kind.UNASKED, Kind.SEQUENCE_GAP},
    ),
    (
        "a row nobody was told of",
        replace(GOOD, acknowledged=GOOD.acknowledged[1:]),
        {Kind.NOT_ACKNOWLEDGED},
    ),
    ("an event left in the outbox", with_event(0, state="accepted"), {Kind.NOT_PLANNED}),
    ("an event that failed", with_event(0, state="failed"), {Kind.FAILED}),
    (
        "an endpoint that was forgotten",
        replace(GOOD, deliveries=[*GOOD.deliveries[:2], *GOOD.deliveries[3:]]),
        {Kind.NO_DELIVERY, Kind.MISCOUNTED},
    ),
    ("a plan that was miscounted", with_event(0, delivery_count=2), {Kind.MISCOUNTED}),
    ("a delivery on its way for ever", with_delivery(0, state="delivering"), {Kind.OPEN}),
    ("a delivery that never began", with_delivery(0, state="pending"), {Kind.OPEN}),
    (
        "a delivery that the merchant never had",
        replace(GOOD, requests=GOOD.requests[1:]),
        {Kind.NOT_RECEIVED},
    ),
    (
        "a delivery that the merchant refused",
        replace(GOOD, requests=[replace(GOOD.requests[0], accepted=False), *GOOD.requests[1:]]),
        {Kind.NOT_RECEIVED},
    ),
    (
        "a webhook nobody asked for",
        with_request(Request(B, "e1", body_sha256="one")),
        {Kind.UNASKED},
    ),
    (
        "a request without an attempt",
        replace(GOOD, requests=[*GOOD.requests, GOOD.requests[0]]),
        {Kind.NO_ATTEMPT},
    ),
    (
        "more broken connections than one repeat of each explains",
        replace(GOOD, requests=[*GOOD.requests, *2 * [replace(GOOD.requests[0], answered=False)]]),
        {Kind.NO_ATTEMPT},
    ),
    (
        "a signature that does not verify",
        with_request(Request(A, "e1", verified=False, body_sha256="one")),
        {Kind.FORGED},
    ),
    (
        "a duplicate with a wrong byte",
        with_request(Request(A, "e1", body_sha256="oNe")),
        {Kind.OTHER_BYTES},
    ),
    (
        "one body under two ids",
        with_request(Request(A, "e2", accepted=False, body_sha256="one")),
        {Kind.OTHER_BYTES, Kind.OTHER_ID},
    ),
    (
        "an instruction that is not in the database",
        replace(GOOD, told=[*GOOD.told, GivenInstruction("shop", "o2", "hold")]),
        {Kind.UNTOLD},
    ),
    (
        "an instruction that nobody has given",
        replace(GOOD, told=[]),
        {Kind.NOT_TOLD},
    ),
    (
        "an instruction that waits for ever",
        replace(GOOD, instructions=[replace(GOOD.instructions[0], post_state="waiting")]),
        {Kind.NOT_POSTED},
    ),
    (
        "an instruction that the OMS never took",
        replace(GOOD, posts=[replace(GOOD.posts[0], accepted=False)]),
        {Kind.NOT_POSTED},
    ),
    (
        "an instruction at the OMS that nobody knows of",
        replace(GOOD, posts=[*GOOD.posts, Request("oms", "ins_2")]),
        {Kind.UNASKED},
    ),
    (
        "an instruction whose signature does not verify",
        replace(GOOD, posts=[*GOOD.posts, Request("oms", "ins_1", verified=False)]),
        {Kind.FORGED},
    ),
    (
        "a text that was sent twice",
        replace(
            with_text_row(state="unknown"),
            texts=[Text(sid, "+919876543210", "hello") for sid in ("SM1", "SM2")],
            deliveries=with_delivery(3, state="dead_lettered", open_dead_letters=1).deliveries,
        ),
        {Kind.TEXT_TWICE},
    ),
    (
        "a text that Twilio does not have",
        replace(GOOD, texts=[]),
        {Kind.TEXT_NOT_SENT},
    ),
    (
        "a text delivered without a message",
        replace(GOOD, stored_texts=[], texts=[]),
        {Kind.TEXT_NOT_SENT},
    ),
    (
        "a text that only Twilio knows of",
        replace(GOOD, texts=[*GOOD.texts, Text("SM2", "+919876500000", "who?")]),
        {Kind.TEXT_UNKNOWN},
    ),
    (
        "a text whose claim was never settled",
        replace(
            with_text_row(state="claimed", sid=None),
            texts=[],
            deliveries=with_delivery(3, state="dead_lettered", open_dead_letters=1).deliveries,
        ),
        {Kind.IN_FLIGHT},
    ),
    ("a gap in the sequence", with_event(1, sequence=3), {Kind.SEQUENCE_GAP}),
    (
        "a number given twice",
        with_event(1, sequence=1),
        {Kind.SEQUENCE_REPEAT, Kind.SEQUENCE_GAP},
    ),
    ("an attempt never closed", with_delivery(0, in_flight=1), {Kind.IN_FLIGHT}),
    ("a dead letter nobody kept", with_delivery(1, open_dead_letters=0), {Kind.DEAD_LETTERS}),
    (
        "one of a delivered one",
        with_delivery(0, open_dead_letters=1),
        {Kind.DEAD_LETTERS},
    ),
]


class TestAGoodRun:
    def test_nothing_is_found(self) -> None:
        assert compare(GOOD) == []

    def test_a_duplicate_with_the_same_bytes_is_counted_and_is_no_fault(self) -> None:
        counts = with_request(Request(A, "e1", body_sha256="one"))
        assert compare(counts) == []
        assert duplicates(counts) == {(A, "e1"): 1}

    def test_an_answer_that_a_kill_swallowed_is_counted_and_is_no_fault(self) -> None:
        counts = with_request(Request(A, "e2", body_sha256="two"))
        assert compare(counts) == []
        assert unrecorded(counts) == [f"e2 {A}"]

    def test_a_text_in_doubt_that_was_sent_is_no_fault(self) -> None:
        rows = with_delivery(3, state="dead_lettered", open_dead_letters=1).deliveries
        counts = replace(with_text_row(state="unknown", sid=None), deliveries=rows)
        assert compare(counts) == []

    def test_a_held_delivery_is_at_rest(self) -> None:
        assert compare(with_delivery(2, state="held")) == []


class TestEveryFaultIsFound:
    @pytest.mark.parametrize(("counts", "kinds"), [row[1:] for row in FAULTS],
                             ids=[row[0] for row in FAULTS])  # fmt: skip
    def test_it_is_found(self, counts: Counts, kinds: set[Kind]) -> None:
        assert {fault.kind for fault in compare(counts)} == kinds

    def test_the_table_has_every_kind(self) -> None:
        assert set().union(*(row[2] for row in FAULTS)) == set(Kind)

    def test_it_names_the_event(self) -> None:
        counts = with_delivery(0, state="delivering")
        assert compare(counts) == [Fault(Kind.OPEN, f"e1 {A}")]

    def test_lost_is_what_breaks_the_promise(self) -> None:
        found = compare(replace(GOOD, requests=GOOD.requests[1:]))
        assert all(fault.kind in LOST for fault in found)
        assert Kind.OTHER_BYTES not in LOST
