"""Instructions: what may be asked for by reason, partner and calendar; what may become of them."""

import datetime as dt
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import contracts
from contracts.instructions.posts import (
    LAST_CHANCE_S,
    POST_DELAYS_S,
    POST_EVERY_S,
    next_wait_s,
)
from contracts.instructions.request import InstructionRequest
from contracts.instructions.rules import (
    BY_CATEGORY,
    BY_REASON,
    MOST_DAYS_AHEAD,
    actions_after,
    day_fault,
    days_ahead,
)
from contracts.instructions.texts import code_text, reminder_texts
from contracts.instructions.transitions import (
    TRANSITIONS,
    UNDECIDED,
    state_after,
)
from contracts.instructions.transitions import InstructionCommand as Do
from contracts.instructions.transitions import InstructionState as State
from contracts.instructions.words import InstructionAction as Action
from contracts.instructions.words import Slot
from contracts.payload.groups import KNOWN_REASON_CODES, Failure
from contracts.sms.languages import Language
from tests.support.instructions import LANDMARK, NEW_ADDRESS, NEW_PHONE, a_failure

ALL = tuple(Action)
INDIA = "Asia/Kolkata"


def failure(**fields: Any) -> Failure:
    """A failure of an attempt."""
    return Failure.model_validate(a_failure(**fields))


class TestTheTable:
    @pytest.mark.parametrize(("state", "command"), [*product(State, Do)])
    def test_of_every_state_and_command(self, state: State, command: Do) -> None:
        expected = {
            (State.WAITING_FOR_CODE, Do.CONFIRM): State.OPEN,
            (State.OPEN, Do.ACCEPT): State.ACCEPTED,
            (State.OPEN, Do.REJECT): State.REJECTED,
            (State.ACCEPTED, Do.ACCEPT): State.ACCEPTED,
            (State.REJECTED, Do.REJECT): State.REJECTED,
        }
        for undecided in (State.WAITING_FOR_CODE, State.OPEN):
            expected[undecided, Do.SUPERSEDE] = State.SUPERSEDED
            expected[undecided, Do.CLOSE] = State.CLOSED
            expected[undecided, Do.EXPIRE] = State.EXPIRED
        assert state_after(state, command) is expected.get((state, command))

    @given(st.sampled_from(UNDECIDED), st.lists(st.sampled_from(tuple(Do)), max_size=20))
    def test_what_has_ended_stays_as_it_ended(self, state: State, commands: list[Do]) -> None:
        ended: State | None = None
        for command in commands:
            state = state_after(state, command) or state
            assert ended in (None, state)
            ended = state if state not in UNDECIDED else None
        assert set(TRANSITIONS) == set(State)


class TestWhatAReasonAllows:
    def test_every_known_code_has_its_row(self) -> None:
        assert {*BY_REASON, "other"} == set(KNOWN_REASON_CODES)
        assert set(BY_CATEGORY) == {
            "customer",
            "address",
            "payment",
            "verification",
            "carrier",
            "other",
        }

    @pytest.mark.parametrize("code", KNOWN_REASON_CODES)
    def test_the_known_ones(self, code: str) -> None:
        allowed = actions_after(failure(reason_code=code, reason_category="other"))
        elsewhere = (Action.CHANGE_ADDRESS, Action.HOLD, Action.RETURN)
        expected = {
            "customer_refused": (Action.HOLD, Action.RETURN),
            "customer_cancelled": (Action.HOLD, Action.RETURN),
            "address_incorrect": elsewhere,
            "customer_moved": elsewhere,
            "out_of_delivery_area": elsewhere,
            "payment_not_ready": tuple(one for one in ALL if one is not Action.CHANGE_ADDRESS),
            "shipment_damaged": (),
            "shipment_lost": (),
        }
        assert allowed == expected.get(code, ALL)

    @pytest.mark.parametrize("category", BY_CATEGORY)
    def test_unknown_codes_go_by_their_category(self, category: str) -> None:
        asked = failure(reason_code="dog_on_the_stairs", reason_category=category)
        assert set(actions_after(asked)) == BY_CATEGORY[category]

    @pytest.mark.parametrize("next_action", ["reattempt", "reschedule", "hold", "rto", "none"])
    def test_without_a_run_ahead_there_is_no_plain_reattempt(self, next_action: str) -> None:
        allowed = actions_after(failure(next_action=next_action))
        assert (Action.REATTEMPT in allowed) is (next_action not in ("rto", "none"))
        assert Action.RESCHEDULE in allowed

    @given(st.sampled_from(KNOWN_REASON_CODES), st.sets(st.sampled_from(ALL)))
    def test_a_partner_only_takes_away(self, code: str, kept: set[Action]) -> None:
        asked = failure(reason_code=code)
        allowed = actions_after(asked, [*kept])
        assert set(allowed) == set(actions_after(asked)) & kept


class TestTheCalendar:
    def at(self, text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(f"2026-03-02T{text}+05:30")

    @pytest.mark.parametrize(
        ("time", "slots"),
        [
            ("00:00", tuple(Slot)),
            ("08:59", tuple(Slot)),
            ("09:00", (Slot.AFTERNOON, Slot.EVENING)),
            ("12:00", (Slot.EVENING,)),
            ("15:59", (Slot.EVENING,)),
            ("16:00", None),
            ("23:59", None),
        ],
    )
    def test_today_while_a_slot_has_not_begun(
        self, time: str, slots: tuple[Slot, ...] | None
    ) -> None:
        days = days_ahead(self.at(time), INDIA, no_sundays=False)
        today = [one for one in days if one.date == dt.date(2026, 3, 2)]
        assert [one.slots for one in today] == ([slots] if slots else [])

    def test_in_the_partner_s_time_zone(self) -> None:
        late = dt.datetime(2026, 3, 2, 19, 0, tzinfo=dt.UTC)  # half past midnight in India
        assert days_ahead(late, INDIA, no_sundays=False)[0].date == dt.date(2026, 3, 3)
        assert days_ahead(late, "UTC", no_sundays=False)[0].date == dt.date(2026, 3, 3)
        assert days_ahead(late, "America/New_York", no_sundays=False)[0].date == dt.date(2026, 3, 2)

    @pytest.mark.parametrize("no_sundays", [True, False])
    def test_for_two_weeks_with_or_without_sundays(self, no_sundays: bool) -> None:
        days = days_ahead(self.at("08:00"), INDIA, no_sundays=no_sundays)
        assert days[-1].date == dt.date(2026, 3, 2) + dt.timedelta(days=MOST_DAYS_AHEAD)
        assert len(days) == (13 if no_sundays else 15)
        sundays = [one for one in days if one.date.weekday() == 6]
        assert bool(sundays) is not no_sundays

    def test_why_a_day_cannot_be_chosen(self) -> None:
        days = days_ahead(self.at("13:00"), INDIA, no_sundays=True)
        for date, slot, open_ in (
            ("2026-03-01", None, False),
            ("2026-03-02", None, True),
            ("2026-03-02", Slot.MORNING, False),
            ("2026-03-02", Slot.EVENING, True),
            ("2026-03-08", None, False),
            ("2026-03-16", Slot.MORNING, True),
            ("2026-03-17", None, False),
        ):
            fault = day_fault(dt.date.fromisoformat(date), slot, days)
            assert (fault is None) is open_, (date, slot)


class TestTheRequest:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"action": "reattempt", "date": "2026-03-04"}, "date"),
            ({"action": "reattempt", "slot": "morning"}, "slot"),
            ({"action": "reschedule"}, "date"),
            ({"action": "reschedule", "slot": "morning"}, "date"),
            ({"action": "reschedule", "date": "2026-03-04", "address": LANDMARK}, "address"),
            ({"action": "change_address"}, "address"),
            ({"action": "change_address", "phone": NEW_PHONE, "slot": "evening"}, "date"),
            ({"action": "hold", "phone": NEW_PHONE}, "phone"),
            ({"action": "return", "date": "2026-03-04"}, "date"),
            ({"action": "reschedule", "date": 20260304}, "date"),
            ({"action": "reschedule", "date": "2026-3-4"}, "date"),
            ({"action": "reschedule", "date": "2026-02-30"}, "date"),
            ({"action": "reschedule", "date": "2026-03-04T00:00:00Z"}, "date"),
            ({"action": "change_address", "address": {}}, "address"),
            ({"action": "change_address", "address": {"line2": "flat 4"}}, "address"),
            ({"action": "change_address", "address": {"line1": "7", "city": "Pune"}}, "address"),
            ({"action": "collect"}, "action"),
            ({"action": "hold", "colour": "red"}, "colour"),
        ],
    )
    def test_what_is_refused_and_where(self, fields: dict[str, Any], field: str) -> None:
        with pytest.raises(ValidationError) as caught:
            InstructionRequest.model_validate(fields)
        assert [line["loc"][0] for line in caught.value.errors()] == [field]

    @pytest.mark.parametrize("address", [LANDMARK, NEW_ADDRESS, {**NEW_ADDRESS, **LANDMARK}])
    def test_an_address_or_a_landmark(self, address: dict[str, Any]) -> None:
        asked = InstructionRequest.model_validate({"action": "change_address", "address": address})
        assert asked.redirects
        dumped = asked.content.model_dump()["address"]
        assert dumped == {
            "line1": None,
            "line2": None,
            "landmark": None,
            "city": None,
            "state": None,
            "pincode": None,
            **address,
        }, "null, not absent"


class TestTheSchedule:
    def test_it_goes_on_hour_by_hour_until_a_minute_before_the_end(self) -> None:
        left = 24 * 3600.0
        waits: list[float] = []
        while (wait := next_wait_s(len(waits) + 1, left)) is not None:
            waits.append(wait)
            left -= wait
        assert waits[:4] == list(POST_DELAYS_S)
        assert set(waits[4:-1]) == {POST_EVERY_S}
        assert left == LAST_CHANCE_S

    @given(
        st.integers(1, 1000),
        st.floats(-1e6, 1e6),
        st.none() | st.floats(0, 1e6),
        st.floats(0, 1),
    )
    def test_no_attempt_comes_after_the_end(
        self, failed: int, left: float, asked: float | None, spread: float
    ) -> None:
        wait = next_wait_s(failed, left, asked, spread)
        assert wait is None or POST_DELAYS_S[0] <= wait <= left - LAST_CHANCE_S


class TestTheTexts:
    @pytest.mark.parametrize("language", Language)
    def test_they_name_shop_order_and_code(self, language: Language) -> None:
        names = {"shop": "Chai Point", "order": "ORD-7"}
        text = code_text(language, **names, code="048213")
        [reminder] = reminder_texts(language, **names, link=None)
        assert "048213" in text
        for said in (text, reminder):
            assert said.startswith("Chai Point: ")
            assert "ORD-7" in said
        link = "https://a.example/t/1"
        assert reminder_texts(language, **names, link=link) == [f"{reminder} {link}", reminder]


def test_the_documents_have_them_as_they_are_to_be_registered() -> None:
    written = (Path(contracts.__file__).parents[1] / "docs" / "texts.md").read_text()
    for language in Language:
        variables = {"shop": "{#var#}", "order": "{#var#}"}
        texts = reminder_texts(language, **variables, link="{#var#}")
        for text in (code_text(language, **variables, code="{#var#}"), *texts):
            assert f"\n{text}\n" in written
