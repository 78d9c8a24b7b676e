"""The lives of deliveries on the real store, a step at a time: begun by workflows, answered late,
retried, given up, held, erased, recovered, in any order. All rows are checked after each step."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session, select

from contracts.delivery.messages import RecordDeadLetter, SendResult
from contracts.delivery.recoveries import RecoveryRequest
from contracts.delivery.states import OPEN_STATES, EndpointState
from contracts.endpoints.endpoints import EndpointChange
from contracts.errors import Conflict
from contracts.partners import PartnerChange
from contracts.sms.statuses import read_status
from store.db.database import Database
from store.deliveries.dead_lettering import expire_dead_letters, record_dead_letter
from store.deliveries.planning import plan_event
from store.endpoints.changes import change_endpoint, remove_endpoint
from store.events.erasure import erase_events
from store.partners.partners import change_partner
from store.recoveries.recoveries import begin_recovery
from store.recoveries.steps import next_step
from store.reports.ledger import read_ledger
from store.retries.dead_letters import discard
from store.retries.manual import ask_for_retry
from store.sms.callbacks import apply_status
from store.sms.claims import ReadySms
from store.tables import DeadLetterRow, DeliveryRow, EndpointRow
from tests.support.delivery_attempts import DELAYS, Delivery, begin, finish
from tests.support.delivery_rules import News, Rows, broken_rules, read_rows, why_it_may_not_be_sent
from tests.support.postgres import Rows as StoredRows
from tests.support.postgres import all_rows, empty, restore
from tests.support.shelf import NOW, Shelf, an_event, of_its_own_order

P = ParamSpec("P")
T = TypeVar("T")


class Life:
    """A shop with one endpoint that texts its customers, and the deliveries of its events."""

    def __init__(self, database: Database, shop: StoredRows) -> None:
        self._database, self._loop = database, asyncio.new_event_loop()
        empty(database)
        restore(database, shop)
        self.now, self.rows = NOW, Rows()
        self.deliveries: list[Delivery] = []
        self.event_ids: list[str] = []
        self._endpoint_id = self._write(lambda session: session.exec(select(EndpointRow.id)).one())
        self._recovery_id: str | None = None
        self.is_paused = self.is_removed = False

    def close(self) -> None:
        """Nothing more happens, and nothing was lost."""
        ledger = self._loop.run_until_complete(self._database.read(read_ledger))
        self._loop.close()
        assert ledger.balanced, ledger
        assert ledger.accepted == len(self.event_ids), ledger

    def row(self, one: Delivery) -> DeliveryRow:
        """The delivery as the last step left it."""
        return self.rows.deliveries[one.id]

    def accept(self) -> None:
        """One more event comes and is planned: a webhook and a text, as long as both are wanted."""
        event = of_its_own_order(an_event())
        self._loop.run_until_complete(Shelf(self._database).accept(event, now=self._tick()))
        self.event_ids.append(event.event_id)
        for planned in self._write(plan_event, event.event_id, self.now).deliveries:
            if planned.channel is not None:
                is_open = planned.state in OPEN_STATES
                one = Delivery(planned.delivery_id, event.event_id, planned.channel, is_open)
                self.deliveries.append(one)
        self._check()

    # What its workflow does

    def begin(self, one: Delivery, news: News = News.NONE) -> None:
        """The next attempt. One that a crash left open is dead, or will answer yet."""
        begun = self._write(begin, one, self._tick())
        if isinstance(begun, SendResult):
            self._hear_end(one, begun)
        else:
            refused = why_it_may_not_be_sent(self.rows, one.id, resend=one.resend)
            assert refused is None, f"sent, although {refused}"
            one.ready = begun
            one.text = begun if isinstance(begun, ReadySms) else None
        self._check(news)

    def answer(self, one: Delivery, says: str) -> None:
        """The attempt in flight ends, with a status or a word of TWILIO_SAYS."""
        ready, one.ready = one.ready, None
        assert ready is not None
        end = self._write(finish, ready, says, self._tick())
        if end is not None:
            self._hear_end(one, end)
        self._check(News.ANSWER)

    def crash(self, one: Delivery) -> None:
        """The worker dies with an attempt in flight; another one carries on."""
        assert one.ready is not None
        one.lost.append(one.ready)
        one.ready = None

    def answer_late(self, one: Delivery, says: str) -> None:
        """An attempt whose worker was thought dead ends all the same."""
        self._write(finish, one.lost.pop(0), says, self._tick())
        self._check(News.ANSWER)

    def end_round(self, one: Delivery, says: str) -> None:
        """Attempt it with this answer until its round has ended, and record how."""
        for _ in range(len(DELAYS) + 1):
            if one.may_begin:
                self.begin(one)
            if one.ready is not None:
                self.answer(one, says)
        if one.dead is not None:
            self.record(one)

    def record(self, one: Delivery, *, heard: bool = True) -> None:
        """The dead letter is recorded; not `heard`, the worker dies before it can say so."""
        assert one.dead is not None
        assert one.dead.dead_letter is not None
        dead_letter = RecordDeadLetter(one.id, one.dead.dead_letter, one.dead.code)
        self._write(record_dead_letter, dead_letter, self._tick())
        if heard:
            one.dead, one.on_its_way = None, False
        self._check()

    # What people want

    def ask(self, one: Delivery, *, resend: bool = False) -> None:
        """A person asks for a retry, and is refused what cannot be sent."""
        try:
            self._write(ask_for_retry, one.id, self._tick(), resend=resend, actor="person")
        except Conflict:
            return
        one.signals.append(resend)
        self._check()

    def arrive(self, one: Delivery) -> None:
        """The next signal reaches the workflow, however late, and its round begins."""
        one.resend = one.signals.pop(0)
        row = self.row(one)
        starts_over = one.on_its_way or row.state not in OPEN_STATES
        one.round = max(one.round, row.round) + 1 if starts_over else row.round
        one.dead, one.on_its_way = None, True
        self.begin(one, News.RESEND if one.resend else News.NONE)

    def discard(self, one: Delivery) -> None:
        """A person gives the dead letter up."""
        open_ones = self.rows.dead_letters_of(one.id)
        self._write(discard, open_ones, "given up", self._tick(), actor="person")
        self._check()

    def recover(self) -> None:
        """A recovery of the endpoint begins, or the one that runs goes on."""
        try:
            begun = self._write(
                begin_recovery, self._endpoint_id, RecoveryRequest(), self._tick(), actor="person"
            )
            self._recovery_id = begun.id
        except Conflict:
            self.now += timedelta(seconds=1)
        if self._recovery_id is not None:
            for wanted in self._write(next_step, self._recovery_id, self._tick()).wanted:
                [one] = [one for one in self.deliveries if one.id == wanted.delivery_id]
                one.signals.append(wanted.resend)
        self._check()

    def switch_partner(self, *, paused: bool) -> None:
        """The partner is paused or resumed."""
        self.is_paused, change = paused, PartnerChange(paused=paused)
        self._write(change_partner, "shop", change, self._tick(), actor="person")
        self._check()

    def switch_endpoint(self, state: EndpointState) -> None:
        """The endpoint is paused or enabled."""
        change = EndpointChange(state=state)
        self._write(change_endpoint, self._endpoint_id, change, self._tick(), actor="person")
        self._check()

    def remove_endpoint(self) -> None:
        """The endpoint is removed for good."""
        self._write(remove_endpoint, self._endpoint_id, self._tick(), actor="person")
        self.is_removed = True
        self._check()

    # What else happens

    def erase(self, event_id: str) -> None:
        """The customer's data is erased."""
        self._write(erase_events, [event_id], self._tick())
        self._check()

    def expire(self, one: Delivery) -> None:
        """The dead letter's fourteen days are over."""
        [open_one] = self.rows.dead_letters_of(one.id)
        self._write(_end_time_of, open_one, self._tick())
        self._write(expire_dead_letters, self.now, limit=10)
        self._check()

    def hear(self, one: Delivery, word: str, code: int | None = None) -> None:
        """Twilio's status callback about the latest text."""
        fields = {"MessageStatus": word, "MessageSid": "SM1", "ErrorCode": str(code or "")}
        status = read_status(one.text.sms_id if one.text else None, fields)
        assert status is not None
        one.callbacks += 1
        self._write(apply_status, status, self._tick())
        self._check(News.CALLBACK)

    def wait(self) -> None:
        """A minute passes."""
        self.now += timedelta(minutes=1)

    def _hear_end(self, one: Delivery, end: SendResult) -> None:
        one.dead = end if end.dead_letter is not None else None
        one.on_its_way = one.dead is not None

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _check(self, news: News = News.NONE) -> None:
        before = self.rows
        self.rows = self._loop.run_until_complete(self._database.read(read_rows))
        broken = broken_rules(before, self.rows, news)
        assert not broken, broken

    def _write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return self._loop.run_until_complete(self._database.write(work, *args, **kwargs))


async def a_shop(database: Database) -> StoredRows:
    """The rows of a partner with one endpoint that texts its customers, to start lives from."""
    shelf = Shelf(database)
    await shelf.add_partner(sms_enabled=True)
    await shelf.add_endpoint()
    return all_rows(database)


def _end_time_of(session: Session, dead_letter_id: str, now: datetime) -> None:
    session.get_one(DeadLetterRow, dead_letter_id).expires_at = now
