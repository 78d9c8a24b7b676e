"""The code of a change: it opens the instruction, five wrong ones end it, nobody reads it."""

from datetime import datetime

import pytest
from sqlmodel import Session

from contracts.errors import Conflict, LimitReached
from contracts.instructions.texts import InstructionTextState
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy
from contracts.sms.bodies import OptOutCreate
from store.instructions.codes import (
    CODE_VALID_FOR,
    MOST_ATTEMPTS,
    confirm_code,
    issue_code,
    new_code,
)
from store.sms.opt_outs import add_opt_out
from store.tables import InstructionRow, InstructionTextRow
from tests.support.instructions import NEW_PHONE, Counter, failed_order, what_follows
from tests.support.shelf import NOW, Shelf, after

CUSTOMER = GivenBy.CUSTOMER


@pytest.fixture
async def counter(shelf: Shelf) -> Counter:
    """An order whose delivery failed, and where it is answered."""
    return await failed_order(shelf)


async def asked(counter: Counter, now: datetime = NOW) -> InstructionRow:
    """A change of phone by the customer."""
    return await counter.give("change_address", by=CUSTOMER, phone=NEW_PHONE, now=now)


async def texted(counter: Counter, instruction: InstructionRow, now: datetime = NOW) -> str:
    """The code as it is texted."""
    text = await counter.shelf.database.write(issue_code, instruction.id, now)

    def claim(session: Session) -> str:
        row = session.get_one(InstructionTextRow, text.id)
        row.state = InstructionTextState.SENT
        return new_code(session, row)

    return await counter.shelf.database.write(claim)


async def confirm(
    counter: Counter, instruction: InstructionRow, code: str, now: datetime = NOW
) -> bool:
    """The customer types a code."""
    return await counter.shelf.database.write(confirm_code, instruction.id, code, now)


def another(code: str) -> str:
    """A wrong code."""
    return f"{(int(code) + 1) % 10**6:06}"


async def test_the_right_one_opens_it_once(counter: Counter) -> None:
    before = await counter.give("hold", by=CUSTOMER)
    given = await asked(counter)
    code = await texted(counter, given)
    assert await confirm(counter, given, code, after(60))
    row = await counter.row(given)
    assert (row.state, row.opened_at, row.supersedes) == (
        InstructionState.OPEN,
        after(60),
        before.id,
    )
    assert row.number is not None
    assert (await counter.row(before)).state is InstructionState.SUPERSEDED
    with pytest.raises(Conflict):
        await confirm(counter, given, code, after(61))


async def test_five_wrong_ones_end_it(counter: Counter) -> None:
    given = await asked(counter)
    code = await texted(counter, given)
    for _ in range(MOST_ATTEMPTS):
        assert not await confirm(counter, given, another(code))
    with pytest.raises(Conflict):
        await confirm(counter, given, code)
    assert (await counter.row(given)).state is InstructionState.WAITING_FOR_CODE


async def test_it_is_too_late_after_ten_minutes(counter: Counter) -> None:
    given = await asked(counter)
    code = await texted(counter, given)
    with pytest.raises(Conflict):
        await confirm(counter, given, code, NOW + CODE_VALID_FOR)


async def test_a_new_one_ends_the_one_before_and_there_are_three_a_day(counter: Counter) -> None:
    given = await asked(counter)
    first = await texted(counter, given)
    second = await texted(counter, given, after(1))
    if first != second:
        assert not await confirm(counter, given, first, after(2))
    await texted(counter, given, after(3))
    with pytest.raises(LimitReached):
        await texted(counter, given, after(4))


async def test_while_its_text_has_not_left_a_second_request_is_the_first(
    counter: Counter, shelf: Shelf
) -> None:
    given = await asked(counter)
    ids = {(await shelf.database.write(issue_code, given.id, NOW)).id for _ in range(5)}
    assert len(ids) == 1


async def test_without_its_code_nothing_opens(counter: Counter, shelf: Shelf) -> None:
    given = await asked(counter)
    with pytest.raises(Conflict):
        await confirm(counter, given, "000000")
    await shelf.database.write(issue_code, given.id, NOW)
    assert not await confirm(counter, given, "000000"), "no text has left: there is no code yet"


async def test_not_after_the_order_went_on_or_another_was_given(
    counter: Counter, shelf: Shelf
) -> None:
    given = await asked(counter)
    code = await texted(counter, given)
    await counter.give("hold", by=CUSTOMER)
    with pytest.raises(Conflict):
        await confirm(counter, given, code)
    other = await asked(counter)
    code = await texted(counter, other, after(1))
    await shelf.accept(what_follows("delivered", 60))
    with pytest.raises(Conflict):
        await confirm(counter, other, code, after(61))
    with pytest.raises(Conflict):
        await shelf.database.write(issue_code, other.id, after(61))


async def test_nothing_is_texted_to_who_opted_out(counter: Counter, shelf: Shelf) -> None:
    given = await asked(counter)
    wish = OptOutCreate(partner_id="shop", phone="+919876543210")
    await shelf.database.write(add_opt_out, wish, NOW, actor="test")
    with pytest.raises(Conflict):
        await shelf.database.write(issue_code, given.id, NOW)


async def test_only_a_digest_is_kept(counter: Counter, shelf: Shelf) -> None:
    given = await asked(counter)
    code = await texted(counter, given)
    [row] = await shelf.all_rows(InstructionTextRow)
    assert code not in str(row.model_dump())
