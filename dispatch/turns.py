"""Whose turn it is, from one lease to the next.

Places become free one by one, so a lease is often for one event; if each lease began its turns
anew, the partner whose events are the oldest would have them all. This is start-time fair queuing
(Goyal, Vin and Cheng, 1996), each event weighing the same: a partner whose events wait has one turn
in each round, and one that comes has its first turn in the round that is going on.
"""

from collections import defaultdict


class Turns:
    """The turns that one dispatcher gave. Of each tier's priority on its own."""

    def __init__(self) -> None:
        self._round: dict[int, int] = defaultdict(int)
        self._next: dict[int, dict[str, int]] = defaultdict(dict)

    @property
    def ahead(self) -> dict[str, int]:
        """Partners that have had their turn, and how many rounds their next one is away."""
        return {
            partner_id: turn - self._round[priority]
            for priority, turns in self._next.items()
            for partner_id, turn in turns.items()
        }

    def take(self, priority: int, partner_id: str) -> None:
        """An event of this partner is leased: the next one has its turn a round later."""
        turn = max(self._next[priority].get(partner_id, 0), self._round[priority])
        self._next[priority][partner_id] = turn + 1
        if turn > self._round[priority]:
            self._begin(priority, turn)

    def _begin(self, priority: int, turn: int) -> None:
        """A round begins: who had no turn in the last one is like one that never came."""
        self._round[priority] = turn
        turns = self._next[priority]
        self._next[priority] = {one: mine for one, mine in turns.items() if mine > turn}
