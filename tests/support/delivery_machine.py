"""What may happen next to the deliveries of one shop, for a state machine that lets it happen."""

from collections.abc import Callable, Iterator
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contracts.delivery.states import Channel, DeliveryState, EndpointState
from tests.support.delivery_attempts import STATUSES, TWILIO_SAYS, Delivery
from tests.support.delivery_life import Life
from tests.support.delivery_rules import ENDED

MOST_EVENTS, MOST_OPEN, MOST_SIGNALS, MOST_CHANGES = 6, 4, 2, 5
ARRIVED = (("sent", None), ("delivered", None))
NOT_ARRIVED = (("undelivered", 30003), ("failed", 30005), ("failed", 21610))
DEAD, HELD = DeliveryState.DEAD_LETTERED, DeliveryState.HELD

Take = Callable[[], object]
Choice = tuple[str, Take]
"""Something that may happen next: its name, as Hypothesis prints it, and how it is done."""


class DeliveryLife(RuleBasedStateMachine):
    """One shop and the deliveries of its events; each step checks every row.

    All choices stand in one rule: of several, Hypothesis leaves some out of each life, and few
    lives would have all of those that it takes to break something.
    """

    def __init__(self, life: Life) -> None:
        super().__init__()
        self.life = life
        self.changes = 0

    def teardown(self) -> None:
        self.life.close()

    @initialize()
    def start(self) -> None:
        self.life.accept()

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        by_whom = {
            "workflow": self._each(_of_a_workflow),
            "person": self._each(_of_a_person),
            "news": self._each(_of_news),
            "shop": dict(self._of_the_shop()),
        }
        who = data.draw(st.sampled_from([one for one, choices in by_whom.items() if choices]))
        choices = by_whom[who]
        choices[data.draw(st.sampled_from(list(choices)), label=who)]()

    def _each(
        self, of: Callable[[Life, Delivery], Iterator[Choice]]
    ) -> dict[str, Callable[[], object]]:
        return {
            f"{name} {one.channel} {number}": choice
            for number, one in enumerate(self.life.deliveries)
            for name, choice in of(self.life, one)
        }

    def _of_the_shop(self) -> Iterator[Choice]:
        life = self.life
        yield "wait", life.wait
        states = [life.row(one).state for one in life.deliveries]
        is_quiet = sum(one not in ENDED for one in states) < MOST_OPEN
        if len(life.event_ids) < MOST_EVENTS and is_quiet:
            yield "accept", life.accept
        if not life.is_removed and {HELD, DEAD}.intersection(states):
            yield "recover", life.recover
        if not life.is_removed:
            yield "enable", partial(life.switch_endpoint, EndpointState.ENABLED)
        if life.is_paused:
            yield "resume", partial(life.switch_partner, paused=False)
        if self.changes < MOST_CHANGES:
            yield from (self._counted(*choice) for choice in _changes(life))

    def _counted(self, name: str, change: Take) -> Choice:
        def take() -> None:
            self.changes += 1
            change()

        return name, take


def _of_a_workflow(life: Life, one: Delivery) -> Iterator[Choice]:
    is_text = one.channel is Channel.SMS
    answers = list(TWILIO_SAYS) if is_text else STATUSES
    if one.may_begin:
        yield "begin", partial(life.begin, one)
    if one.may_begin or one.ready is not None:
        yield (
            "use up",
            partial(life.end_round, one, "rejected" if is_text else "503"),
        )
    if one.ready is not None:
        yield "crash", partial(life.crash, one)
    for answer in answers if one.ready is not None else ():
        yield f"answer {answer}", partial(life.answer, one, answer)
    for answer in answers if one.lost else ():
        yield f"late answer {answer}", partial(life.answer_late, one, answer)
    if one.dead is not None:
        yield "record", partial(life.record, one)
        yield "record unheard", partial(life.record, one, heard=False)


def _of_a_person(life: Life, one: Delivery) -> Iterator[Choice]:
    state = life.row(one).state
    if len(one.signals) < MOST_SIGNALS:
        yield "ask", partial(life.ask, one)
        yield "ask for a copy", partial(life.ask, one, resend=True)
    if one.signals and one.ready is None:
        yield "signal", partial(life.arrive, one)
    if state is DEAD:
        yield "discard", partial(life.discard, one)
        yield "expire", partial(life.expire, one)


def _of_news(life: Life, one: Delivery) -> Iterator[Choice]:
    if one.text is None or one.callbacks >= 3:
        return
    for word, code in (*ARRIVED, *NOT_ARRIVED):
        yield f"{word} {code}", partial(life.hear, one, word, code)


def _changes(life: Life) -> Iterator[Choice]:
    yield "erase the last event", partial(life.erase, life.event_ids[-1])
    yield "pause", partial(life.switch_partner, paused=True)
    if not life.is_removed:
        yield "remove the endpoint", life.remove_endpoint
        yield "pause the endpoint", partial(life.switch_endpoint, EndpointState.PAUSED)
