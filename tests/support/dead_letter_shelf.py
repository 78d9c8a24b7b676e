"""A queue of dead letters, put into a database one by one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeadLetterResolution, DeliveryState
from store.dead_letters.queue import DeadLetterFilter, list_dead_letters
from store.deliveries.dead_lettering import record_dead_letter
from store.retries.dead_letters import Discarded, RetrySelection, ask_for_many, discard
from store.tables import AuditEntryRow, DeadLetterRow, DeliveryRow
from tests.support.shelf import Shelf, after, an_event


class DeadLetterShelf:
    """A database with dead letters, made a second apart."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.database = shelf.database
        self.dead_letters: list[DeadLetterRow] = []

    @classmethod
    async def open(cls, shelf: Shelf) -> Self:
        """Two partners: `north` with webhooks, `south` with texts only; nothing is dead yet."""
        await shelf.add_partner("north", "enterprise")
        await shelf.add_endpoint("north")
        await shelf.add_partner("south", "smb")
        return cls(shelf)

    async def add(
        self,
        partner_id: str = "north",
        event_type: str = "order_confirmed",
        reason: DeadLetterReason = DeadLetterReason.EXHAUSTED,
        *,
        at: datetime | None = None,
        is_test: bool = False,
    ) -> DeadLetterRow:
        """One of an event of its own, of the partner's first channel."""
        event = an_event(event_type, partner_id=partner_id, is_test=is_test)
        planned = (await self.shelf.plan(event)).deliveries[0]
        dead_letter = RecordDeadLetter(planned.delivery_id, reason, "http_503")
        moment = at or after(len(self.dead_letters))
        await self.database.write(record_dead_letter, dead_letter, moment)
        [row] = await self.shelf.all_of(DeadLetterRow, planned.delivery_id)
        self.dead_letters.append(row)
        return row

    async def close(self, dead_letter: DeadLetterRow, resolution: DeadLetterResolution) -> None:
        """As if its delivery had been sent again, or had expired."""
        changes = {"resolved_at": after(60), "resolution": resolution}
        await self.shelf.change(DeadLetterRow, dead_letter.id, **changes)

    async def page(
        self, wanted: DeadLetterFilter, limit: int = 100, owner: str | None = None
    ) -> list[str]:
        """The ids of a first page."""
        rows = await self.database.read(
            list_dead_letters, wanted, owner=owner, after=None, limit=limit
        )
        return [one.id for one in rows]

    async def discard(self, *ids: str, owner: str | None = None) -> Discarded:
        """Give these up, as somebody called asha."""
        return await self.database.write(
            discard, ids, "asked by the shop", after(90), actor="asha", owner=owner
        )

    async def ask(self, *ids: str, owner: str | None = None) -> RetrySelection:
        """Ask for these to be sent again, as somebody called asha."""
        return await self.database.write(ask_for_many, ids, after(90), actor="asha", owner=owner)

    async def state(self, dead_letter: DeadLetterRow) -> DeliveryState:
        """The state of its delivery."""
        return (await self.shelf.one(DeliveryRow, dead_letter.delivery_id)).state

    async def entries(self, action: AuditAction) -> list[AuditEntryRow]:
        """What the audit log has of one kind."""

        def read(session: Session) -> list[AuditEntryRow]:
            rows = select(AuditEntryRow).where(col(AuditEntryRow.action) == action)
            return list(session.exec(rows.order_by(col(AuditEntryRow.id))))

        return await self.database.read(read)


def ids_of(dead_letters: Sequence[DeadLetterRow]) -> list[str]:
    """Their ids, in their order."""
    return [one.id for one in dead_letters]
