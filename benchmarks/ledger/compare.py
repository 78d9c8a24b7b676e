"""Holds the three counts against each other and finds every event on which they differ. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.ledger.counts import Counts, StoredDelivery

END_STATES = frozenset({"delivered", "dead_lettered", "skipped", "held"})
"""Where a delivery may rest. `held` waits for a person to switch its endpoint on."""

_SENT_BY_WEBHOOK_TO = "ep_"


class Kind(StrEnum):
    """What can be wrong with one event."""

    NO_ROW = "a 202 without an event in the database"
    NOT_PLANNED = "an event that was neither planned nor failed"
    FAILED = "an event that could never be started"
    NO_DELIVERY = "a target of the event without a delivery"
    OPEN = "a delivery in no end state"
    NOT_RECEIVED = "recorded as delivered, and the merchant never answered 2xx"
    TEXT_NOT_SENT = "recorded as sent, and Twilio never took it"
    NOT_ACKNOWLEDGED = "an event in the database for which the sender has no 202"
    MISCOUNTED = "an event whose number of deliveries is not the one it was planned with"
    UNASKED = "a webhook for which there is no delivery"
    NO_ATTEMPT = "more requests at the merchant than attempts in the database"
    FORGED = "a request whose signature does not verify"
    OTHER_BYTES = "one webhook-id with different bodies"
    OTHER_ID = "one body under different webhook-ids"
    TEXT_TWICE = "a text that was sent more than once"
    TEXT_UNKNOWN = "a text at Twilio that the database does not know of"
    SEQUENCE_GAP = "a gap in an order's sequence"
    SEQUENCE_REPEAT = "a number given twice in an order's sequence"
    IN_FLIGHT = "an attempt that was never closed"
    DEAD_LETTERS = "a delivery whose state and dead letter do not agree"
    UNTOLD = "a customer's instruction that the database does not have"
    NOT_TOLD = "an instruction that no customer has given, or given once more"
    NOT_POSTED = "an instruction that the OMS has not taken"


LOST = frozenset(
    {
        Kind.NO_ROW,
        Kind.NOT_PLANNED,
        Kind.FAILED,
        Kind.NO_DELIVERY,
        Kind.OPEN,
        Kind.NOT_RECEIVED,
        Kind.TEXT_NOT_SENT,
        Kind.UNTOLD,
        Kind.NOT_POSTED,
    }
)
"""The faults that mean a broken promise; the others mean that the counts disagree."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and the ids to look for."""

    kind: Kind
    subject: str


def compare(counts: Counts) -> list[Fault]:
    """Everything that is wrong with a run."""
    checks = (_events, _deliveries, _webhooks, _bytes, _texts, _sequences, _instructions)
    return [fault for check in checks for fault in check(counts)]


def unrecorded(counts: Counts) -> list[str]:
    """Delivered although the database calls it a dead letter: an answer that a kill swallowed."""
    accepted = {(one.endpoint, one.webhook_id) for one in counts.requests if one.accepted}
    return [
        f"{one.event_id} {one.target}"
        for one in counts.deliveries
        if one.state == "dead_lettered" and (one.target, one.event_id) in accepted
    ]


def duplicates(counts: Counts) -> Counter[tuple[str, str]]:
    """What an endpoint accepted more than once: endpoint and webhook id, and how often again."""
    accepted = Counter((one.endpoint, one.webhook_id) for one in counts.requests if one.accepted)
    return Counter({pair: times - 1 for pair, times in accepted.items() if times > 1})


def _events(counts: Counts) -> Iterator[Fault]:
    rows = {event.event_id: event for event in counts.events}
    acknowledged = {one.event_id for one in counts.acknowledged}
    planned = Counter(one.event_id for one in counts.deliveries)
    yield from _each(Kind.NO_ROW, acknowledged - rows.keys())
    yield from _each(Kind.NOT_ACKNOWLEDGED, rows.keys() - acknowledged)
    for event in counts.events:
        if event.state == "failed":
            yield Fault(Kind.FAILED, event.event_id)
        elif event.state != "planned":
            yield Fault(Kind.NOT_PLANNED, event.event_id)
        elif event.delivery_count != planned[event.event_id]:
            yield Fault(Kind.MISCOUNTED, event.event_id)


def _deliveries(counts: Counts) -> Iterator[Fault]:
    targets = defaultdict(set)
    for one in counts.deliveries:
        targets[one.event_id].add(one.target)
        if one.state not in END_STATES:
            yield Fault(Kind.OPEN, _named(one))
        if one.in_flight:
            yield Fault(Kind.IN_FLIGHT, _named(one))
        if one.open_dead_letters != (one.state == "dead_lettered"):
            yield Fault(Kind.DEAD_LETTERS, _named(one))
    planned = {event.event_id for event in counts.events if event.state == "planned"}
    for sent in counts.acknowledged:
        if sent.event_id in planned:
            missing = sent.targets - targets[sent.event_id]
            yield from _each(Kind.NO_DELIVERY, (f"{sent.event_id} {one}" for one in missing))


def _webhooks(counts: Counts) -> Iterator[Fault]:
    requests = Counter((one.webhook_id, one.endpoint) for one in counts.requests)
    answered = Counter((one.webhook_id, one.endpoint) for one in counts.requests if one.answered)
    accepted = {(one.webhook_id, one.endpoint) for one in counts.requests if one.accepted}
    rows = {(one.event_id, one.target): one for one in counts.deliveries}
    for pair, row in rows.items():
        if row.target.startswith(_SENT_BY_WEBHOOK_TO):
            if row.state == "delivered" and pair not in accepted:
                yield Fault(Kind.NOT_RECEIVED, _named(row))
            # a reused connection that broke without a byte is sent on once more, as one attempt
            if answered[pair] > row.attempts or requests[pair] > 2 * row.attempts:
                yield Fault(Kind.NO_ATTEMPT, _named(row))
    yield from _each(Kind.UNASKED, (" ".join(pair) for pair in requests.keys() - rows.keys()))


def _bytes(counts: Counts) -> Iterator[Fault]:
    bodies, ids = defaultdict(set), defaultdict(set)
    for one in counts.requests:
        bodies[one.webhook_id].add(one.body_sha256)
        ids[one.body_sha256].add(one.webhook_id)
        if not one.verified:
            yield Fault(Kind.FORGED, f"{one.webhook_id} {one.endpoint}")
    yield from _each(Kind.OTHER_BYTES, (one for one, found in bodies.items() if len(found) > 1))
    for found in ids.values():
        if len(found) > 1:
            yield Fault(Kind.OTHER_ID, " ".join(sorted(found)))


def _texts(counts: Counts) -> Iterator[Fault]:
    taken = {one.sid for one in counts.texts}
    known = {row.sid for row in counts.stored_texts if row.state == "accepted"}
    in_doubt = {(row.to, row.body) for row in counts.stored_texts if row.state == "unknown"}
    for row in counts.stored_texts:
        if row.state == "accepted" and row.sid not in taken:
            yield Fault(Kind.TEXT_NOT_SENT, row.event_id)
        elif row.state == "claimed":
            yield Fault(Kind.IN_FLIGHT, f"{row.event_id} sms")
    sent_for = {row.event_id for row in counts.stored_texts if row.state == "accepted"}
    for one in counts.deliveries:
        if one.target == "sms" and one.state == "delivered" and one.event_id not in sent_for:
            yield Fault(Kind.TEXT_NOT_SENT, one.event_id)
    for text in counts.texts:
        if text.sid not in known and (text.to, text.body) not in in_doubt:
            yield Fault(Kind.TEXT_UNKNOWN, text.sid)
    sent = Counter((text.to, text.body) for text in counts.texts)
    senders = {(row.to, row.body): row.event_id for row in counts.stored_texts}
    for text_, times in sent.items():
        if times > 1:
            yield Fault(Kind.TEXT_TWICE, senders.get(text_, "unknown"))


def _sequences(counts: Counts) -> Iterator[Fault]:
    """Each order's numbers are 1, 2, 3, … as many as the sender holds 202s for."""
    expected = Counter((one.partner_id, one.order_id) for one in counts.acknowledged)
    numbers = defaultdict(list)
    for event in counts.events:
        numbers[event.partner_id, event.order_id].append(event.sequence)
    for order, given in numbers.items():
        if len(set(given)) < len(given):
            yield Fault(Kind.SEQUENCE_REPEAT, " ".join(order))
        if set(given) != set(range(1, max(expected[order], len(given)) + 1)):
            yield Fault(Kind.SEQUENCE_GAP, " ".join(order))


def _instructions(counts: Counts) -> Iterator[Fault]:
    """What customers were told to be taken is stored once, and the OMS has taken it: the orders do
    not go on, so nothing else ends an instruction here."""
    told = Counter((one.partner_id, one.order_id, one.action) for one in counts.told)
    rows = Counter((one.partner_id, one.order_id, one.action) for one in counts.instructions)
    yield from _each(Kind.UNTOLD, (" ".join(one) for one in (told - rows)))
    yield from _each(Kind.NOT_TOLD, (" ".join(one) for one in (rows - told)))
    taken = {one.webhook_id for one in counts.posts if one.accepted}
    for row in counts.instructions:
        if row.post_state != "posted" or row.id not in taken:
            yield Fault(Kind.NOT_POSTED, f"{row.id} {row.post_state}")
    known = {row.id for row in counts.instructions}
    yield from _each(Kind.UNASKED, {one.webhook_id for one in counts.posts} - known)
    yield from _each(Kind.FORGED, (one.webhook_id for one in counts.posts if not one.verified))


def _each(kind: Kind, subjects: Iterable[str]) -> Iterator[Fault]:
    return (Fault(kind, subject) for subject in sorted(subjects))


def _named(delivery: StoredDelivery) -> str:
    return f"{delivery.event_id} {delivery.target}"
