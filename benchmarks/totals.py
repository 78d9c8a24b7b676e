"""Whether the run lost anything: what was posted, what the store says, what the merchant has."""

from dataclasses import dataclass

from benchmarks.rig import Rig
from contracts.delivery.states import DeliveryState
from store.reports.ledger import read_ledger


@dataclass(frozen=True)
class Count:
    """The three counts. `repeats` are allowed (at least once), everything else must agree."""

    answered_202: int
    accepted: int
    delivered: int
    received: int
    repeats: int
    unverified: int
    balanced: bool

    @property
    def lost(self) -> int:
        """Events with a 202 that the store or the merchant does not have as delivered."""
        return self.answered_202 - min(self.accepted, self.delivered, self.received)

    @property
    def faults(self) -> list[str]:
        """What makes the run worthless, in words; empty when nothing does."""
        said = {
            f"{self.lost} events were lost": self.lost != 0,
            f"{self.unverified} signatures did not verify": self.unverified != 0,
            "the store's own ledger does not balance": not self.balanced,
        }
        return [words for words, holds in said.items() if holds]


async def count(rig: Rig) -> Count:
    """Count all three; to be called when everything is quiet."""
    ledger = await rig.database.read(read_ledger)
    return Count(
        answered_202=rig.poster.taken,
        accepted=ledger.accepted,
        delivered=ledger.by_delivery_state.get(DeliveryState.DELIVERED, 0),
        received=len(rig.journal.first_byte_at),
        repeats=rig.journal.repeats,
        unverified=rig.journal.unverified,
        balanced=ledger.balanced,
    )
