"""The ledger: what Doorstep says it took and delivered, against what the others say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from commands.demo.merchants import Receiver
from contracts.delivery.states import Channel, DeliveryState
from contracts.instructions.posts import PostState
from contracts.instructions.transitions import InstructionState
from contracts.notifications.messages import MessageChannel, MessageState
from sandbox.mail import MailSandbox
from sandbox.oms import OmsClient
from sandbox.oms_instructions import OmsInstructions
from sandbox.twilio import TwilioSandbox
from store.db.database import Database
from store.reports.ledger import Ledger, read_ledger
from store.tables import DeliveryRow, EventRow, InstructionRow, NotificationMessageRow

_DECIDED = (InstructionState.ACCEPTED, InstructionState.REJECTED)


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
    database: Database,
    oms: OmsClient,
    receivers: Sequence[Receiver],
    twilio: TwilioSandbox,
    instructions: OmsInstructions,
    mail: MailSandbox,
) -> Reconciliation:
    """Read our ledger and compare it with the outside, id by id where there are ids."""
    ledger = await database.read(read_ledger)
    accepted = await database.read(_event_ids)
    delivered = await database.read(_delivered)
    entries = [_acknowledged(oms, accepted)]
    entries += [_received(one, delivered.get(one.endpoint_id, set())) for one in receivers]
    entries.append(_texts(twilio, await database.read(_delivered_texts)))
    entries.append(_instructions(instructions, await database.read(_instructions_of_ours)))
    entries.append(_mails(mail, await database.read(_mails_of_ours)))
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


def _instructions(receiving: OmsInstructions, ours: Mapping[str, tuple[bool, bool]]) -> Entry:
    """Every instruction that was given, in the store, and at the OMS."""
    posted = {one for one, (is_posted, _) in ours.items() if is_posted}
    decided = {one for one, (_, is_decided) in ours.items() if is_decided}
    theirs = {one.instruction["instruction_id"] for one in receiving.decided}
    return Entry(
        "the OMS: instructions taken",
        len(posted),
        len(receiving.taken),
        agrees=posted == set(receiving.taken) == set(ours) and decided == theirs,
        remark=f"{len(decided)} decided",
    )


def _mails(mail: MailSandbox, ours: Mapping[str, bool]) -> Entry:
    """Every e-mail that was sent is there, once, and none that was not claimed."""
    taken = {one.message_id.strip("<>").partition("@")[0] for one in mail.received}
    sent = {one for one, is_sent in ours.items() if is_sent}
    twice = mail.summary()["taken_again"]
    return Entry(
        "the mail server: e-mails taken",
        len(sent),
        len(mail.received),
        agrees=sent <= taken <= set(ours) and not twice,
        remark=f"{twice} twice" if twice else "none twice",
    )


def _mails_of_ours(session: Session) -> Mapping[str, bool]:
    """The e-mails that may have been sent, and whether they certainly were."""
    rows = session.exec(
        select(NotificationMessageRow)
        .where(col(NotificationMessageRow.channel) == MessageChannel.EMAIL)
        .where(col(NotificationMessageRow.claimed_at).is_not(None))
    )
    return {row.id: row.state is MessageState.SENT for row in rows}


def _instructions_of_ours(session: Session) -> Mapping[str, tuple[bool, bool]]:
    """Each instruction: whether the OMS has taken it, and whether it has decided it."""
    return {
        row.id: (row.post_state is PostState.POSTED, row.state in _DECIDED)
        for row in session.exec(select(InstructionRow))
    }


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
