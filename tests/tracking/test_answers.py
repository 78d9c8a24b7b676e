"""`/t/{token}/answer/…` and `/code`: what a customer says of a failed delivery, and who cannot."""

import asyncio
import re
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from contracts.instructions.texts import InstructionTextState
from contracts.instructions.transitions import InstructionState
from contracts.instructions.views import DecisionRequest
from contracts.instructions.words import GivenBy, InstructionAction
from contracts.sms.bodies import OptOutCreate
from contracts.sms.languages import Language
from store.access.budgets import CUSTOMER_INSTRUCTIONS
from store.instructions.codes import CODE_VALID_FOR, MOST_ATTEMPTS, new_code
from store.instructions.decisions import decide
from store.sms.opt_outs import add_opt_out
from store.tables import EventRow, InstructionRow, InstructionTextRow, PartnerRow
from store.tracking.links import LinkedOrder, revoke_link
from tests.support.customer import Customer
from tests.support.instructions import NEW_ADDRESS, Counter, a_failure
from tests.support.locks import locked
from tests.support.shelf import NOW
from tracking.languages import words_in

ENGLISH = words_in(Language.ENGLISH)
TOMORROW = (NOW + timedelta(days=1)).date().isoformat()
CHANGES = [*InstructionAction]


@pytest.fixture
async def failed(customer: Customer) -> Customer:
    """A customer whose delivery has failed NOW."""
    await fails(customer)
    return customer


async def fails(customer: Customer, **fields: Any) -> str:
    failure = a_failure(attempted_at=customer.now.isoformat(), **fields)
    return await customer.happens("delivery_failed", failure=failure)


async def asked(customer: Customer, action: str, **typed: str) -> httpx.Response:
    """What the page answers to a form that was opened and sent."""
    form = await customer.gets(f"answer/{action}")
    hidden = dict(re.findall(r'name="(attempt)" value="([^"]*)"', form.text))
    return await customer.posts(f"answer/{action}", {**hidden, **typed})


async def rows(customer: Customer) -> list[InstructionRow]:
    """The instructions that there are, in the order they were given."""

    def read(session: Session) -> list[InstructionRow]:
        found = session.exec(select(InstructionRow)).all()
        return sorted(found, key=lambda one: (one.created_at, one.id))

    return await customer.shelf.database.read(read)


async def texted_code(customer: Customer) -> str:
    """The code as it is texted to the order's phone."""

    def claim(session: Session) -> str:
        texts = session.exec(select(InstructionTextRow)).all()
        text = max(texts, key=lambda one: (one.created_at, one.id))
        text.state = InstructionTextState.SENT
        return new_code(session, text)

    return await customer.shelf.database.write(claim)


async def decided(customer: Customer, decision: str, **fields: Any) -> None:
    """The decision of the OMS on the last instruction."""
    request = DecisionRequest.model_validate({"decision": decision, **fields})
    last = (await rows(customer))[-1]
    await customer.shelf.database.write(decide, last.id, request, customer.now, actor="key_oms")


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def actions_on(html: str) -> list[str]:
    return re.findall(r"/answer/(\w+)\?", html)


class TestWhatIsOffered:
    async def test_everything_after_nobody_was_there(self, failed: Customer) -> None:
        html = (await failed.opens()).text
        assert actions_on(html) == [*InstructionAction]
        assert ENGLISH("ask") in html

    async def test_a_refused_parcel_is_not_tried_again(self, customer: Customer) -> None:
        await fails(customer, reason_code="customer_refused")
        assert actions_on((await customer.opens()).text) == ["hold", "return"]
        answer = await customer.posts("answer/reattempt")
        assert answer.status_code == 409
        assert await rows(customer) == []

    async def test_only_what_the_partner_allows(self, failed: Customer) -> None:
        await failed.shelf.change(PartnerRow, "shop", instruction_actions=["reschedule"])
        assert actions_on((await failed.opens()).text) == ["reschedule"]

    async def test_no_change_where_no_code_can_be_texted(self, failed: Customer) -> None:
        opt_out = OptOutCreate(partner_id="shop", phone="+919876543210")
        await failed.shelf.database.write(add_opt_out, opt_out, NOW, actor="key_1")
        assert "change_address" not in actions_on((await failed.opens()).text)
        assert (await failed.gets("answer/change_address")).status_code == 409

    @pytest.mark.parametrize(
        "state", ["order_confirmed", "out_for_delivery", "delivered", "return_initiated"]
    )
    async def test_nothing_in_any_other_state(self, customer: Customer, state: str) -> None:
        await fails(customer)
        customer.wait(hours=1)
        await customer.happens(state)
        html = (await customer.opens()).text
        assert actions_on(html) == []

    async def test_nothing_of_a_test_order(self, customer: Customer) -> None:
        await customer.happens("delivery_failed", is_test=True, failure=a_failure())
        token = await customer.token(is_test=True)
        assert actions_on((await customer.opens(token=token)).text) == []
        assert (await customer.posts("answer/hold", token=token)).status_code == 409

    async def test_days_and_slots_that_can_be_had(self, failed: Customer) -> None:
        await failed.shelf.change(PartnerRow, "shop", no_sundays=True)
        html = (await failed.gets("answer/reschedule")).text
        offered = re.findall(r'<option value="([^"]*)"', html)
        assert offered[:2] == ["2026-03-02/evening", "2026-03-03"]  # half past three in India
        assert "2026-03-08" not in html  # a Sunday
        assert "2026-03-16/evening" in offered
        assert "2026-03-17" not in html
        assert "Today, Monday, 2 March" in html

    @pytest.mark.parametrize("language", Language)
    async def test_each_form_in_each_language(self, failed: Customer, language: Language) -> None:
        for action in CHANGES:
            answer = await failed.gets(f"answer/{action}", lang=language)
            assert answer.status_code == 200
            assert f'<html lang="{language}">' in answer.text
            assert f"<h1>{words_in(language)(f'action-{action}')}</h1>" in answer.text
            assert len(answer.content) < 16_000


class TestAnAnswer:
    async def test_another_day_is_asked_for_and_confirmed(self, failed: Customer) -> None:
        answer = await asked(failed, "reschedule", when=f"{TOMORROW}/evening", comment="ring twice")
        assert (answer.status_code, answer.headers["location"]) == (303, await failed.place())
        [row] = await rows(failed)
        assert (row.given_by, row.state) == (GivenBy.CUSTOMER, InstructionState.OPEN)
        html = (await failed.opens()).text
        assert ENGLISH("said-by-customer") in html
        assert "Tomorrow, 4 pm to 8 pm" in html
        assert ENGLISH("said-open") in html
        assert "ring twice" not in html
        assert len(actions_on(html)) == len(CHANGES)
        await decided(failed, "accepted", next_attempt_at=f"{TOMORROW}T18:30:00+05:30")
        html = (await failed.opens()).text
        assert re.search(r"This is confirmed: we come tomorrow by 6:30\sPM", html, re.I)
        assert actions_on(html) == []

    async def test_one_that_is_not_possible_says_why_and_another_may_be_given(
        self, failed: Customer
    ) -> None:
        await asked(failed, "hold")
        await decided(failed, "rejected", reason="<b>the hub</b> keeps no parcels")
        html = (await failed.opens()).text
        assert "&lt;b&gt;the hub&lt;/b&gt; keeps no parcels" in html
        assert ENGLISH("said-rejected") in html
        assert actions_on(html) == [*InstructionAction]

    async def test_one_of_the_shop_is_shown_as_the_shop_s(self, failed: Customer) -> None:
        await Counter(failed.shelf).give("reattempt", now=NOW)
        assert "The shop asked for this" in plain((await failed.opens()).text, failed)

    @pytest.mark.parametrize("action", ["reattempt", "hold", "return"])
    async def test_what_needs_a_note_at_most(self, failed: Customer, action: str) -> None:
        assert (await asked(failed, action)).status_code == 303
        assert [one.action for one in await rows(failed)] == [action]

    async def test_the_same_once_more_is_the_same(self, failed: Customer) -> None:
        for _ in range(3):
            assert (await asked(failed, "hold")).status_code == 303
        assert len(await rows(failed)) == 1

    async def test_the_language_that_was_switched_to_stays(self, failed: Customer) -> None:
        form = await failed.gets("answer/hold", lang="ta")
        assert 'action="?lang=ta"' in form.text
        answer = await failed.posts("answer/hold?lang=ta", hidden_of(form.text))
        assert answer.headers["location"] == f"{await failed.place()}?lang=ta"


class TestWhatIsTypedWrong:
    @pytest.mark.parametrize(
        ("action", "typed", "fault"),
        [
            ("reschedule", {}, "fault-when"),
            ("reschedule", {"when": "2026-03-01"}, "fault-when"),
            ("reschedule", {"when": "2026-03-02/morning"}, "fault-when"),
            ("reschedule", {"when": "2026-04-30"}, "fault-when"),
            ("reschedule", {"when": "tomorrow"}, "fault-when"),
            ("reschedule", {"when": f"{TOMORROW}/night"}, "fault-when"),
            ("change_address", {}, "fault-address"),
            ("change_address", {"line1": "7 Tulsi Baug"}, "fault-address"),
            ("change_address", {**NEW_ADDRESS, "pincode": "41103"}, "fault-pincode"),
            ("change_address", {"phone": "12345"}, "fault-phone"),
            ("hold", {"comment": "x" * 501}, "fault-too-long"),
            ("hold", {"comment": "a\x00b"}, "fault-text"),
            ("hold", {"comment": "\u202eabc"}, "fault-text"),
        ],
    )
    async def test_is_said_and_kept(
        self, failed: Customer, action: str, typed: dict[str, str], fault: str
    ) -> None:
        answer = await asked(failed, action, **typed)
        assert answer.status_code == 422
        assert ENGLISH(fault) in unescape(answer.text)
        assert ENGLISH("fault-title") in answer.text
        for name, value in typed.items():
            if name not in ("when", "comment"):
                assert f'value="{value}"' in answer.text
        assert await rows(failed) == []

    async def test_mark_up_stays_text(self, failed: Customer) -> None:
        said = '"><script>alert(1)</script>'
        answer = await asked(failed, "change_address", line1=said, comment=f"</textarea>{said}")
        assert "<script>alert" not in answer.text


class TestTheCode:
    async def test_a_change_waits_for_it(self, failed: Customer) -> None:
        answer = await asked(failed, "change_address", **NEW_ADDRESS)
        assert answer.headers["location"] == f"{await failed.place()}/code"
        [row] = await rows(failed)
        assert row.state is InstructionState.WAITING_FOR_CODE
        code = await texted_code(failed)
        assert ENGLISH("enter-code") in (await failed.opens()).text
        assert ENGLISH("code-sent") in (await failed.gets("code")).text
        in_hindi = code.translate(str.maketrans("0123456789", "०१२३४५६७८९"))
        answer = await failed.posts("code", {"code": f" {in_hindi[:3]} {in_hindi[3:]}\u202c "})
        assert (answer.status_code, answer.headers["location"]) == (303, await failed.place())
        [row] = await rows(failed)
        assert row.state is InstructionState.OPEN
        html = (await failed.opens()).text
        assert ENGLISH("action-change-address") in html
        assert [one for one in (*NEW_ADDRESS.values(), code) if one in html] == []

    async def test_five_wrong_ones_end_it(self, failed: Customer) -> None:
        await asked(failed, "change_address", landmark="behind the temple")
        code = await texted_code(failed)
        for left in range(MOST_ATTEMPTS - 1, 0, -1):
            answer = await failed.posts("code", {"code": another(code)})
            assert answer.status_code == 422
            assert ENGLISH("fault-code", left=left) in answer.text
        answer = await failed.posts("code", {"code": another(code)})
        assert ENGLISH("code-over") in answer.text
        answer = await failed.posts("code", {"code": code})
        assert answer.status_code == 409
        assert ENGLISH("code-over") in answer.text
        [row] = await rows(failed)
        assert row.state is InstructionState.WAITING_FOR_CODE

    async def test_an_old_one_and_another(self, failed: Customer) -> None:
        await asked(failed, "change_address", phone="98450 12345")
        old = await texted_code(failed)
        failed.now += CODE_VALID_FOR
        assert (await failed.posts("code", {"code": old})).status_code == 409
        answer = await failed.posts("code/again")
        assert answer.headers["location"] == f"{await failed.place()}/code"
        assert (await failed.posts("code", {"code": await texted_code(failed)})).status_code == 303
        [row] = await rows(failed)
        assert row.state is InstructionState.OPEN

    async def test_three_in_a_day_are_enough(self, failed: Customer) -> None:
        await asked(failed, "change_address", phone="98450 12345")
        for _ in range(2):
            await texted_code(failed)
            assert (await failed.posts("code/again")).status_code == 303
        await texted_code(failed)
        answer = await failed.posts("code/again")
        assert answer.status_code == 429
        assert ENGLISH("message-enough-today") in answer.text

    async def test_one_that_could_not_be_texted_says_so(self, failed: Customer) -> None:
        await asked(failed, "change_address", phone="98450 12345")

        def skip(session: Session) -> None:
            session.exec(select(InstructionTextRow)).one().state = InstructionTextState.SKIPPED

        await failed.shelf.database.write(skip)
        html = (await failed.gets("code")).text
        assert "The code could not be texted" in html
        assert 'name="code"' not in html

    async def test_that_of_another_order_changes_nothing(self, failed: Customer) -> None:
        await asked(failed, "change_address", phone="98450 12345")
        code = await texted_code(failed)
        failed.order = {"order_id": "ORD-2"}
        await fails(failed)
        stranger = await failed.token("ORD-2")
        answer = await failed.posts("code", {"code": code}, token=stranger)
        assert answer.status_code == 409
        [row] = await rows(failed)
        assert row.state is InstructionState.WAITING_FOR_CODE

    async def test_where_none_is_awaited_the_page_is_shown(self, failed: Customer) -> None:
        answer = await failed.gets("code")
        assert answer.headers["location"] == await failed.place()
        assert (await failed.posts("code", {"code": "123456"})).status_code == 409
        assert (await failed.posts("code/again")).status_code == 409


class TestTooLate:
    async def test_after_the_decision(self, failed: Customer) -> None:
        form = hidden_of((await failed.gets("answer/hold")).text)
        await asked(failed, "reattempt")
        await decided(failed, "accepted")
        answer = await failed.posts("answer/hold", form)
        assert answer.status_code == 409
        assert ENGLISH("notice-changed") in answer.text
        assert [one.action for one in await rows(failed)] == ["reattempt"]

    async def test_of_an_earlier_attempt(self, failed: Customer) -> None:
        form = hidden_of((await failed.gets("answer/hold")).text)
        failed.wait(hours=3)
        await failed.happens("out_for_delivery")
        assert (await failed.posts("answer/hold", form)).status_code == 409
        failed.wait(hours=3)
        await fails(failed, attempt_number=2)
        assert (await failed.posts("answer/hold", form)).status_code == 409
        assert await rows(failed) == []

    async def test_after_the_next_attempt_s_time(self, customer: Customer) -> None:
        await fails(customer, next_attempt_at=(NOW + timedelta(hours=2)).isoformat())
        form = hidden_of((await customer.gets("answer/hold")).text)
        customer.wait(hours=2)
        answer = await customer.posts("answer/hold", form)
        assert answer.status_code == 409
        assert ENGLISH("too-late") in answer.text

    async def test_after_the_link_s_end(self, failed: Customer) -> None:
        form = hidden_of((await failed.gets("answer/hold")).text)
        token = await failed.token()
        await failed.shelf.database.write(
            revoke_link, LinkedOrder("shop", "ORD-1"), NOW, actor="usr_1"
        )
        for path in ("answer/hold", "code", "code/again"):
            answer = await failed.posts(path, form, token=token)
            assert answer.status_code == 404
            assert "ORD-1" not in answer.text
        assert await rows(failed) == []

    async def test_of_two_at_once_the_latest_stands(self, failed: Customer) -> None:
        answers = await asyncio.gather(asked(failed, "hold"), asked(failed, "reattempt"))
        assert [one.status_code for one in answers] == [303, 303]
        states = sorted(one.state for one in await rows(failed))
        assert states == [InstructionState.OPEN, InstructionState.SUPERSEDED]

    async def test_after_twenty_in_a_day(self, failed: Customer) -> None:
        for number in range(CUSTOMER_INSTRUCTIONS.most):
            assert (await asked(failed, "hold", comment=f"{number}")).status_code == 303
        answer = await asked(failed, "hold", comment="one more")
        assert answer.status_code == 429
        assert len(await rows(failed)) == CUSTOMER_INSTRUCTIONS.most


class TestARowThatSomebodyHasLocked:
    @pytest.mark.extended
    async def test_an_answer_is_not_taken_and_the_page_says_so(self, failed: Customer) -> None:
        form = hidden_of((await failed.gets("answer/hold")).text)
        async with locked(failed.shelf, (EventRow, form["attempt"])):
            answer = await failed.posts("answer/hold", form)
        assert answer.status_code == 503
        assert ENGLISH("message-not-taken") in answer.text
        assert await rows(failed) == []
        assert (await failed.posts("answer/hold", form)).status_code == 303


class TestNobodyElse:
    async def test_opening_pages_changes_nothing(self, failed: Customer) -> None:
        for path in ("", "code", *(f"answer/{one}" for one in InstructionAction)):
            await failed.gets(path)
        assert await rows(failed) == []

    @pytest.mark.parametrize(
        "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}]
    )
    async def test_a_form_of_another_site_is_refused(
        self, failed: Customer, headers: dict[str, str]
    ) -> None:
        for path in ("answer/hold", "code", "code/again"):
            answer = await failed.posts(path, headers=headers)
            assert answer.status_code == 403
            assert ENGLISH("message-forged") in answer.text
        assert await rows(failed) == []

    async def test_nothing_is_kept_or_told(self, failed: Customer) -> None:
        for answer in (
            await failed.gets("answer/hold"),
            await asked(failed, "reschedule"),
            await asked(failed, "change_address", phone="98450 12345"),
            await failed.gets("code"),
        ):
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-robots-tag"] == "noindex, nofollow"
            assert "form-action 'self'" in answer.headers["content-security-policy"]

    @pytest.mark.parametrize("action", ["steal", "../..", "RETURN", "%00"])
    async def test_an_action_that_there_is_not(self, failed: Customer, action: str) -> None:
        assert (await failed.gets(f"answer/{action}")).status_code == 404


def hidden_of(html: str) -> dict[str, str]:
    """What a form brings without anybody typing."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))


def plain(html: str, customer: Customer) -> str:
    """A page's text, with the shop's name as `The shop`."""
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    return re.sub("\u2068[^\u2069]*\u2069", "The shop", text)
