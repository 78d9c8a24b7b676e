"""The second factor in the store: codes that are taken once, wrong ones that are counted, and what
ends it."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.access.second_factor import (
    PENDING_SIGN_IN_LASTS,
    RECOVERY_CODES,
    CodeFate,
    JudgedCode,
    SecondFactorRule,
)
from contracts.access.users import Role
from contracts.errors import Conflict, LimitReached, NotFound
from store.access import second_factors, sessions, sign_in_steps, users
from store.access.audit import AuditFilter, list_entries
from store.access.password_resets import reset_password
from store.access.pending_sign_ins import PendingSignIn, PendingSignInEnded
from store.access.recovery_codes import recovery_codes_left
from store.access.second_factor_resets import reset_second_factor
from store.access.sessions import Begun, ProvenPassword
from store.access.sign_in_links import reset_link
from store.access.totp import code_at, new_secret, step_of
from store.db.database import Database
from store.tables import PendingSignInRow, RecoveryCodeRow, SecondFactorRow, SessionRow
from tests.support.locks import locked, somebody_waits
from tests.support.shelf import NOW, Shelf

HASH = "$argon2id$of-a-password"
STEP = timedelta(seconds=30)
OPTIONAL, EVERYONE = SecondFactorRule.OPTIONAL, SecondFactorRule.EVERYONE
PARTNER_OF = {Role.OPS: None, Role.OWNER: "shop", Role.MEMBER: "shop"}


class Person:
    """Somebody with a password, and an app that shows the codes of their second factor."""

    def __init__(self, database: Database, user_id: str) -> None:
        self.database, self.id = database, user_id
        self.secret, self.codes = new_secret(), list[str]()
        self.proven = ProvenPassword(user_id, HASH)

    async def enrol(self) -> "Person":
        """Begin a second factor a minute ago."""
        before = NOW - timedelta(minutes=1)
        given = await self.database.write(
            second_factors.enrol, self.id, self.secret, code_at(self.secret, before), before
        )
        assert isinstance(given, list)
        self.codes = given
        return self

    async def types(self, code: str, steps: int = 0) -> JudgedCode:
        """Give a code so many time steps from now."""
        return await self.database.write(
            second_factors.check_code, self.id, code, NOW + steps * STEP
        )

    async def signs_in(self, rule: SecondFactorRule = OPTIONAL) -> Begun | PendingSignIn:
        """With the right password."""
        begun = await self.database.write(sessions.begin_or_ask, self.proven, NOW, rule)
        assert begun is not None
        return begun

    async def waits(self, rule: SecondFactorRule = OPTIONAL) -> PendingSignIn:
        """The same, where something is still to be proven."""
        pending = await self.signs_in(rule)
        assert isinstance(pending, PendingSignIn)
        return pending


async def joined(shelf: Shelf, role: Role = Role.OWNER, name: str = "priya") -> Person:
    """Somebody who has accepted an invitation."""
    user, token = await shelf.invite(f"{name}@shop.example", role, PARTNER_OF[role])
    await shelf.database.write(sessions.accept_invitation, token, HASH, NOW)
    return Person(shelf.database, user.id)


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """A store with the partner `shop`."""
    await shelf.add_partner()
    return shelf


@pytest.fixture
async def priya(shop: Shelf) -> Person:
    """An owner with a second factor."""
    return await (await joined(shop)).enrol()


async def done_to(shelf: Shelf, person: Person) -> list[AuditAction]:
    """What the log has about somebody, the newest first."""

    def work(session: Session) -> list[AuditAction]:
        wanted = AuditFilter(object_id=person.id)
        return [one.action for one in list_entries(session, wanted, after=None, limit=50)]

    return await shelf.database.read(work)


class TestEnrolling:
    async def test_a_code_of_the_app_begins_it(self, shop: Shelf, priya: Person) -> None:
        assert len(set(priya.codes)) == RECOVERY_CODES
        assert AuditAction.SECOND_FACTOR_ENABLED in await done_to(shop, priya)
        row = await shop.one(SecondFactorRow, priya.id)
        assert priya.secret not in repr(row)

    async def test_without_a_right_one_nothing_is_begun(self, shop: Shelf) -> None:
        asha = await joined(shop)
        for typed in ("000000", code_at(asha.secret, NOW - 4 * STEP)):
            judged = await shop.database.write(
                second_factors.enrol, asha.id, asha.secret, typed, NOW
            )
            assert isinstance(judged, JudgedCode)
        assert await shop.count(SecondFactorRow) == await shop.count(RecoveryCodeRow) == 0

    async def test_it_ends_the_sessions_that_began_without_it(self, shop: Shelf) -> None:
        asha = await joined(shop)
        kept, other = await asha.signs_in(), await asha.signs_in()
        assert isinstance(kept, Begun)
        code = code_at(asha.secret, NOW)
        await shop.database.write(
            second_factors.enrol, asha.id, asha.secret, code, NOW, kept=kept.row.id
        )
        assert await shop.database.read(sessions.session_of, kept.token, NOW) is not None
        assert await shop.database.read(sessions.session_of, other.token, NOW) is None

    async def test_another_app_takes_its_place_by_a_code_of_the_one_so_far(
        self, shop: Shelf, priya: Person
    ) -> None:
        other, enrol = new_secret(), second_factors.enrol
        new = code_at(other, NOW)
        with pytest.raises(Conflict):
            await shop.database.write(enrol, priya.id, other, new, NOW)
        wrong = await shop.database.write(enrol, priya.id, other, new, NOW, current="000000")
        assert isinstance(wrong, JudgedCode)
        current = code_at(priya.secret, NOW)
        codes = await shop.database.write(enrol, priya.id, other, new, NOW, current=current)
        assert isinstance(codes, list)
        assert set(codes).isdisjoint(priya.codes)
        assert not (await priya.types(code_at(priya.secret, NOW + STEP), 1)).is_right
        assert (await priya.types(code_at(other, NOW + STEP), 1)).is_right


class TestCodes:
    async def test_one_is_taken_once(self, priya: Person) -> None:
        code = code_at(priya.secret, NOW)
        assert (await priya.types(code)).is_right
        assert (await priya.types(code)).fate is CodeFate.USED

    async def test_of_many_that_are_sent_at_once_one_is_taken(self, priya: Person) -> None:
        code = code_at(priya.secret, NOW)
        judged = await asyncio.gather(*(priya.types(code) for _ in range(4)))
        assert sum(one.is_right for one in judged) == 1

    async def test_it_is_judged_under_the_lock_of_who_takes_it_elsewhere(
        self, shop: Shelf, priya: Person
    ) -> None:
        code = code_at(priya.secret, NOW)
        async with locked(shop, (SecondFactorRow, priya.id), last_step=step_of(NOW)):
            judging = asyncio.create_task(priya.types(code))
            await somebody_waits(shop)
        assert (await judging).fate is CodeFate.USED

    async def test_the_one_that_began_it_is_not_taken_again(self, shop: Shelf) -> None:
        asha = await (await joined(shop)).enrol()
        used = code_at(asha.secret, NOW - timedelta(minutes=1))
        assert not (await asha.types(used, -2)).is_right

    async def test_after_five_wrong_ones_the_right_one_is_refused_too(
        self, shop: Shelf, priya: Person
    ) -> None:
        for _ in range(5):
            assert (await priya.types("000000")).fate is CodeFate.WRONG
        for typed in (code_at(priya.secret, NOW), priya.codes[0]):
            with pytest.raises(LimitReached):
                await priya.types(typed)
        assert (await done_to(shop, priya))[0] is AuditAction.SECOND_FACTOR_LOCKED
        later = 30
        assert (await priya.types(code_at(priya.secret, NOW + later * STEP), later)).is_right

    async def test_many_wrong_ones_at_once_are_no_way_around_that(self, priya: Person) -> None:
        sent = [priya.types(f"00000{number}") for number in range(9)]
        ended = await asyncio.gather(*sent, return_exceptions=True)
        assert sum(isinstance(one, LimitReached) for one in ended) == 4

    @pytest.mark.extended
    async def test_twenty_wrong_ones_are_the_most_of_a_day(self, priya: Person) -> None:
        quarter = 30
        for number in range(20):
            assert not (await priya.types("000000", number // 5 * quarter)).is_right
        with pytest.raises(LimitReached):
            await priya.types(code_at(priya.secret, NOW + 5 * quarter * STEP), 5 * quarter)

    @pytest.mark.extended
    async def test_nobody_else_s_wrong_ones_count(self, shop: Shelf, priya: Person) -> None:
        asha = await (await joined(shop, name="asha")).enrol()
        for _ in range(5):
            await asha.types("000000")
        assert (await priya.types(code_at(priya.secret, NOW))).is_right


class TestRecoveryCodes:
    async def test_each_is_good_once(self, shop: Shelf, priya: Person) -> None:
        assert (await priya.types(priya.codes[0])).is_right
        assert (await priya.types(priya.codes[0])).fate is CodeFate.USED
        assert (await priya.types(priya.codes[1])).is_right
        assert await shop.database.read(recovery_codes_left, priya.id) == RECOVERY_CODES - 2
        assert AuditAction.RECOVERY_CODE_USED in await done_to(shop, priya)

    async def test_of_two_that_are_sent_at_once_one_is_taken(self, priya: Person) -> None:
        judged = await asyncio.gather(*(priya.types(priya.codes[0]) for _ in range(3)))
        assert sum(one.is_right for one in judged) == 1

    async def test_it_is_read_however_it_is_typed(self, priya: Person) -> None:
        typed = priya.codes[0].replace("-", " ").upper().replace("0", "O").replace("1", "l")
        assert (await priya.types(f" {typed} ")).is_right

    async def test_somebody_else_s_is_wrong(self, shop: Shelf, priya: Person) -> None:
        asha = await (await joined(shop, name="asha")).enrol()
        assert (await priya.types(asha.codes[0])).fate is CodeFate.WRONG
        assert (await asha.types(asha.codes[0])).is_right

    async def test_new_ones_end_those_before(self, shop: Shelf, priya: Person) -> None:
        renew, code = second_factors.renew_recovery_codes, code_at(priya.secret, NOW)
        renewed = await shop.database.write(renew, priya.id, code, NOW)
        assert isinstance(renewed, list)
        assert (await priya.types(priya.codes[0])).fate is CodeFate.WRONG
        assert (await priya.types(renewed[0])).is_right
        assert isinstance(await shop.database.write(renew, priya.id, "000000", NOW), JudgedCode)

    async def test_they_are_not_kept(self, shop: Shelf, priya: Person) -> None:
        def kept(session: Session) -> str:
            return repr(session.connection().exec_driver_sql("TABLE recovery_codes").all())

        stored = await shop.database.read(kept)
        assert not [one for one in priya.codes if one in stored or one.replace("-", "") in stored]


class TestThePendingSignIn:
    async def test_the_password_alone_begins_no_session(self, shop: Shelf, priya: Person) -> None:
        pending = await priya.waits()
        assert await shop.database.read(sessions.session_of, pending.token, NOW) is None
        code = code_at(priya.secret, NOW)
        finish = sign_in_steps.finish_with_code
        begun = await shop.database.write(finish, pending.token, code, NOW)
        assert isinstance(begun, Begun)
        assert await shop.database.read(sessions.session_of, begun.token, NOW) is not None
        with pytest.raises(PendingSignInEnded):
            await shop.database.write(finish, pending.token, code, NOW + STEP)

    async def test_nor_does_an_invitation_that_is_accepted_again(
        self, shop: Shelf, priya: Person
    ) -> None:
        earlier = await priya.waits()
        _, token = await shop.invite("priya@shop.example")
        accept = sessions.accept_invitation
        assert isinstance(await shop.database.write(accept, token, HASH, NOW), PendingSignIn)
        with pytest.raises(PendingSignInEnded):
            await self._finish(shop, earlier.token, priya)

    async def test_a_password_that_is_reset_ends_what_waits(
        self, shop: Shelf, priya: Person
    ) -> None:
        pending = await priya.waits()

        def reset(session: Session) -> None:
            token = reset_link(session, users.get_user(session, priya.id), NOW)
            reset_password(session, token, HASH, NOW)

        await shop.database.write(reset)
        with pytest.raises(PendingSignInEnded):
            await self._finish(shop, pending.token, priya)
        assert isinstance(await priya.signs_in(), PendingSignIn)

    async def test_it_ends_soon(self, shop: Shelf, priya: Person) -> None:
        pending = await priya.waits()
        late = NOW + PENDING_SIGN_IN_LASTS
        code = code_at(priya.secret, late)
        with pytest.raises(PendingSignInEnded):
            await shop.database.write(sign_in_steps.finish_with_code, pending.token, code, late)
        await shop.database.write(sessions.begin_or_ask, priya.proven, late, OPTIONAL)
        assert await shop.count(PendingSignInRow) == 1

    async def test_it_ends_with_whoever_is_removed(self, shop: Shelf, priya: Person) -> None:
        pending = await priya.waits()
        await joined(shop, name="stays")
        await shop.database.write(users.remove_user, priya.id, NOW, actor="test")
        with pytest.raises(PendingSignInEnded):
            await self._finish(shop, pending.token, priya)
        for kind in (SecondFactorRow, RecoveryCodeRow, PendingSignInRow):
            assert await shop.count(kind) == 0

    @pytest.mark.parametrize(
        ("rule", "role", "asked"),
        [
            (SecondFactorRule.OPTIONAL, Role.OPS, False),
            (SecondFactorRule.OPS, Role.OPS, True),
            (SecondFactorRule.OPS, Role.OWNER, False),
            (SecondFactorRule.EVERYONE, Role.MEMBER, True),
        ],
    )
    async def test_who_has_to_have_one_begins_it_first(
        self, shop: Shelf, rule: SecondFactorRule, role: Role, asked: bool
    ) -> None:
        asha = await joined(shop, role)
        assert isinstance(await asha.signs_in(rule), PendingSignIn) is asked

    async def test_and_gets_in_with_it(self, shop: Shelf) -> None:
        asha = await joined(shop)
        finish, pending = sign_in_steps.finish_with_enrolment, await asha.waits(EVERYONE)
        wrong = await shop.database.write(finish, pending.token, asha.secret, "000000", NOW)
        assert isinstance(wrong, JudgedCode)
        code = code_at(asha.secret, NOW)
        given = await shop.database.write(finish, pending.token, asha.secret, code, NOW)
        assert isinstance(given, tuple)
        assert await shop.database.read(sessions.session_of, given[0].token, NOW) is not None
        assert len(given[1]) == RECOVERY_CODES

    async def test_whoever_has_one_does_not_begin_another_there(
        self, shop: Shelf, priya: Person
    ) -> None:
        pending, other = await priya.waits(EVERYONE), new_secret()
        with pytest.raises(Conflict):
            await shop.database.write(
                sign_in_steps.finish_with_enrolment,
                pending.token,
                other,
                code_at(other, NOW),
                NOW,
            )

    async def _finish(self, shelf: Shelf, token: str, person: Person) -> None:
        code = code_at(person.secret, NOW)
        await shelf.database.write(sign_in_steps.finish_with_code, token, code, NOW)


class TestEndingIt:
    async def test_a_code_switches_it_off(self, shop: Shelf, priya: Person) -> None:
        off = second_factors.switch_off
        wrong = await shop.database.write(off, priya.id, "000000", NOW, rule=OPTIONAL)
        assert not wrong.is_right
        assert isinstance(await priya.signs_in(), PendingSignIn)
        await shop.database.write(off, priya.id, priya.codes[0], NOW, rule=OPTIONAL)
        assert isinstance(await priya.signs_in(), Begun)
        assert await shop.count(RecoveryCodeRow) == 0

    async def test_not_where_it_is_required(self, shop: Shelf, priya: Person) -> None:
        off = second_factors.switch_off
        with pytest.raises(Conflict):
            await shop.database.write(off, priya.id, priya.codes[0], NOW, rule=EVERYONE)

    @pytest.mark.parametrize(
        ("acting", "whose", "may"),
        [
            (Role.MEMBER, Role.MEMBER, False),
            (Role.OWNER, Role.MEMBER, True),
            (Role.OWNER, Role.OWNER, False),
            (Role.OPS, Role.OWNER, True),
            (Role.OPS, Role.OPS, False),
        ],
    )
    async def test_it_is_reset_by_who_may_do_more(
        self, shop: Shelf, acting: Role, whose: Role, may: bool
    ) -> None:
        actor = await joined(shop, acting, "acting")
        asha = await (await joined(shop, whose)).enrol()
        await shop.change(SecondFactorRow, asha.id, last_step=0)
        if not may:
            with pytest.raises(Conflict):
                await shop.database.write(reset_second_factor, asha.id, NOW, actor=actor.id)
            return
        assert await shop.database.write(reset_second_factor, asha.id, NOW, actor=actor.id)
        assert isinstance(await asha.signs_in(), Begun)
        assert (await done_to(shop, asha))[0] is AuditAction.SECOND_FACTOR_RESET

    async def test_a_reset_ends_their_sessions_and_is_nobody_else_s(
        self, shop: Shelf, priya: Person
    ) -> None:
        reset = reset_second_factor
        await shop.database.write(sessions.begin_for, priya.id, NOW)
        actor = "command_line"
        with pytest.raises(NotFound):
            await shop.database.write(reset, priya.id, NOW, actor=actor, owner="other")
        assert await shop.database.write(reset, priya.id, NOW, actor=actor)
        assert await shop.count(SessionRow) == 0
        assert not await shop.database.write(reset, priya.id, NOW, actor=actor)
