"""The ledger: what Doorstep says it took and delivered, against what the others say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from commands.demo.merchants import Receiver
from contracts.delivery.states import Channel, DeliveryState
from sandbox.oms import OmsClient
from sandbox.twilio import TwilioSandbox
from store.db.database import Database
from store.reports.ledger import Ledger, read_ledger
from store.tables import DeliveryRow, EventRow


@dataclass(frozen=True)
class Entry:
    """One line that has to agree: a number of ours, and that of somebody else."""

    confirmed_by: str
    ours: int
    theirs: int
    agrees: bool
    remark: str = ""


@dataclass(frozen=True)
class Reconciliation:
    """The ledger of the design, and every line of it that somebody else can confirm."""

    ledger: Ledger
    entries: Sequence[Entry]

    @property
    def balanced(self) -> bool:
        """The ledger adds up, and everybody agrees with it."""
        return self.ledger.balanced and all(entry.agrees for entry in self.entries)


async def reconcile(
    database: Database, oms: OmsClient, receivers: Sequence[Receiver], twilio: TwilioSandbox
) -> Reconciliation:
    """Read our ledger and compare it with the outside, id by id where there are ids."""
    ledger = await database.read(read_ledger)
    accepted = await database.read(_event_ids)
    delivered = await database.read(_delivered)
    entries = [_acknowledged(oms, accepted)]
    entries += [_received(one, delivered.get(one.endpoint_id, set())) for one in receivers]
    entries.append(_texts(twilio, await database.read(_delivered_texts)))
    return Reconciliation(ledger, entries)


def _acknowledged(oms: OmsClient, accepted: set[str]) -> Entry:
    refused = len(oms.refused)
    return Entry(
        "the OMS: events answered 202",
        len(accepted),
        len(oms.accepted),
        agrees=accepted == oms.accepted and not refused,
        remark=f"{refused} refused" if refused else "",
    )


def _received(receiver: Receiver, delivered: set[str]) -> Entry:
    taken = {one.webhook_id for one in receiver.merchant.received if one.accepted}
    summary = receiver.merchant.inbox.summary()
    remarks = [f"{len(receiver.merchant.received)} requests"]
    remarks += [f"{summary['unverified']} NOT VERIFIED"] if summary["unverified"] else ["verified"]
    if summary["duplicates"]:
        remarks.append(f"{summary['duplicates']} received twice")
    return Entry(
        f"{receiver.name}: taken",
        len(delivered),
        len(taken),
        agrees=delivered == taken and not summary["unverified"],
        remark=", ".join(remarks),
    )


def _texts(twilio: TwilioSandbox, delivered: int) -> Entry:
    taken = len(twilio.messages)
    return Entry("Twilio: texts taken", delivered, taken, delivered == taken)


def _event_ids(session: Session) -> set[str]:
    return set(session.exec(select(EventRow.event_id)))


def _delivered(session: Session) -> Mapping[str, set[str]]:
    """The events delivered to each endpoint."""
    rows = session.exec(
        select(DeliveryRow.target, DeliveryRow.event_id)
        .where(col(DeliveryRow.channel) == Channel.WEBHOOK)
        .where(col(DeliveryRow.state) == DeliveryState.DELIVERED)
    )
    delivered: dict[str, set[str]] = {}
    for target, event_id in rows:
        delivered.setdefault(target, set()).add(event_id)
    return delivered


def _delivered_texts(session: Session) -> int:
    rows = session.exec(
        select(DeliveryRow.id)
        .where(col(DeliveryRow.channel) == Channel.SMS)
        .where(col(DeliveryRow.state) == DeliveryState.DELIVERED)
    )
    return len(rows.all())
