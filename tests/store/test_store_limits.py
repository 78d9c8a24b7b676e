"""Limits and invariants that hold whichever way somebody comes: keys, URLs, roles, budgets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from contracts.access.api_keys import KeyCreate
from contracts.access.audit import AuditAction
from contracts.access.callers import Scope
from contracts.access.users import Invite, LinkKind, PortalLinkRequest, Role
from contracts.delivery.states import DeliveryState, EndpointState
from contracts.endpoints.endpoints import EndpointChange, EndpointCreate
from contracts.errors import Conflict, Invalid, LimitReached, NotFound
from contracts.partners import PartnerChange
from contracts.payload.events import EventType
from contracts.sms.rules import TextRules
from store.access import api_keys, sessions, sign_in_links, users
from store.access.audit import AuditFilter, list_entries
from store.access.budgets import TEST_EVENTS, TEST_TEXTS
from store.db.database import Database
from store.deliveries.planning import plan_event
from store.endpoints import changes
from store.endpoints.endpoints import create_endpoint
from store.endpoints.test_events import accept_test_event
from store.partners import partners
from store.sms.daily_caps import TEST_TEXTS_A_DAY
from store.sms.phone_checks import MOST_ATTEMPTS, begin_phone_check, confirm_phone
from store.sms.test_messages import accept_test_text
from store.tables import (
    AuditEntryRow,
    EndpointRow,
    PartnerRow,
    PhoneCheckRow,
    SessionRow,
    SignInLinkRow,
    UserRow,
)
from tests.support.shelf import NOW, RULES, URL, Shelf, Text, after, an_event

OWN, ELSEWHERE = "+919812345678", "+14155550199"
KEY = KeyCreate(scope=Scope.PARTNER, label="x", partner_id="shop")


class TestKeys:
    async def test_a_partner_has_so_many_in_force(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        make: Callable[..., Any] = api_keys.create_key
        made = [await database.write(make, KEY, NOW, actor="t") for _ in range(api_keys.MOST_KEYS)]
        with pytest.raises(Conflict, match="revoke"):
            await database.write(make, KEY, NOW, actor="t")
        await database.write(api_keys.revoke_key, made[0][0].id, NOW, actor="t")
        await database.write(make, KEY, NOW, actor="t")


class TestUrls:
    @pytest.mark.parametrize(
        "same",
        [
            "https://hooks.shop.example/doorstep",
            "HTTPS://Hooks.SHOP.example:443/doorstep",
            "https://hooks.shop.example/doorstep?",
            "https://hooks.shop.example//doorstep",
            "https://hooks.shop.example/./doorstep",
            "https://hooks.shop.example/x/../doorstep",
            "https://hooks.shop.example/%64oorstep",
        ],
    )
    async def test_each_once_however_it_is_written(
        self, shelf: Shelf, database: Database, same: str
    ) -> None:
        await shelf.add_partner()
        first = await shelf.add_endpoint()
        await shelf.change(EndpointRow, first.id, state=EndpointState.DISABLED)
        asked = EndpointCreate(partner_id="shop", url=same)
        with pytest.raises(Conflict):
            await database.write(create_endpoint, asked, NOW, actor="t")
        other = await shelf.add_endpoint()
        with pytest.raises(Conflict):
            await change(database, other.id, url=same)
        await change(database, first.id, url=same)

    async def test_others_are_others(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="enterprise")
        await shelf.add_partner("other")
        for url in (URL, f"{URL}/", f"{URL}?a=1", URL.upper().replace("HTTPS", "https")):
            await shelf.add_endpoint(url=url)
        await shelf.add_endpoint("other", url=URL)

    async def test_the_url_of_a_removed_one_is_free(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        first = await shelf.add_endpoint(url=URL)
        await database.write(changes.remove_endpoint, first.id, NOW, actor="t")
        await shelf.add_endpoint(url=URL)

    async def test_the_database_refuses_it_itself(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        first, second = [await shelf.add_endpoint() for _ in range(2)]
        with pytest.raises(IntegrityError):
            await shelf.change(EndpointRow, second.id, url_key=first.url_key)


class TestHeaders:
    async def test_they_do_not_follow_to_another_host(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        for moved in ("https://evil.example/doorstep", "https://hooks.shop.example:8443/doorstep"):
            endpoint = await shelf.add_endpoint(custom_headers={"authorization": "Bearer secret"})
            row = await change(database, endpoint.id, url=moved)
            assert (row.custom_headers, row.custom_header_names) == (None, None)
            [entry] = await entries(database, endpoint.id, AuditAction.ENDPOINT_CHANGED)
            assert entry.details["custom_headers_dropped"] is True

    async def test_they_stay_where_the_host_does_or_they_are_given_anew(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint(custom_headers={"authorization": "Bearer secret"})
        row = await change(database, endpoint.id, url="https://hooks.shop.example/other")
        assert row.custom_header_names == ["authorization"]
        headers = {"x-key": "given again"}
        row = await change(
            database, endpoint.id, url="https://new.shop.example/", custom_headers=headers
        )
        assert await database.read(changes.headers_of, row) == headers


async def test_another_partner_s_endpoint_is_not_locked(
    shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelf.add_partner()
    endpoint = await shelf.add_endpoint()

    def never(*_: object) -> None:
        raise AssertionError("its deliveries were locked")

    monkeypatch.setattr(changes, "_lock_deliveries", never)
    remove = changes.remove_endpoint
    with pytest.raises(NotFound):
        await database.write(remove, endpoint.id, NOW, actor="t", owner="other")


class TestPause:
    async def test_what_ops_paused_ops_resumes(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await pause(database, True, by_ops=True)
        with pytest.raises(Conflict):
            await pause(database, False, by_ops=False)
        assert (await shelf.one(PartnerRow, "shop")).paused_at is not None
        await pause(database, False, by_ops=True)

    async def test_an_owner_ends_their_own(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        await pause(database, True, by_ops=False)
        await pause(database, False, by_ops=False)
        assert (await shelf.one(PartnerRow, "shop")).paused_at is None


class TestRoles:
    async def test_no_portal_link_is_for_ops(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        of_ops: Any = Role.OPS
        asked = PortalLinkRequest.model_construct(name="portal user", role=of_ops)
        with pytest.raises(Invalid) as refused:
            await database.write(sign_in_links.portal_link, "shop", asked, NOW, actor="key_1")
        assert refused.value.field == "role"

    @pytest.mark.parametrize("kind", [UserRow, SignInLinkRow, SessionRow])
    async def test_the_database_keeps_ops_without_a_partner(
        self, shelf: Shelf, database: Database, kind: type[SQLModel]
    ) -> None:
        await shelf.add_partner()
        user, _ = await shelf.invite()
        await database.write(sessions.begin_for, user.id, NOW)
        row = await database.read(lambda session: session.exec(select(kind)).first())
        assert row is not None
        key = row.model_dump()["id"]
        for change_of in ({"role": Role.OPS}, {"partner_id": None}):
            with pytest.raises(IntegrityError):
                await shelf.change(kind, key, **change_of)


class TestPortalVisits:
    async def test_they_make_nothing_that_outlives_them(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        visit = await enter(database, Role.OWNER)
        with pytest.raises(Conflict):
            await database.write(api_keys.create_key, KEY, NOW, actor=visit.id, owner="shop")
        asked = Invite(email="a@b.example", name="A", role=Role.OWNER, partner_id="shop")
        with pytest.raises(Conflict):
            await database.write(users.invite, asked, NOW, actor=visit.id, owner="shop")

    async def test_they_are_seen_and_ended(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        visit = await enter(database, Role.MEMBER)
        [seen] = await database.read(sessions.portal_sessions, "shop", NOW)
        assert seen.id == visit.id
        end = sessions.end_portal_session
        with pytest.raises(NotFound):
            await database.write(end, visit.id, NOW, actor="usr_1", owner="other")
        await database.write(end, visit.id, NOW, actor="usr_1", owner="shop")
        assert await database.read(sessions.portal_sessions, "shop", NOW) == []
        assert len(await entries(database, visit.id, AuditAction.PORTAL_SESSION_ENDED)) == 1


class TestPeopleWhoLeave:
    async def test_their_keys_go_with_them_where_that_is_asked(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.invite("stays@shop.example")
        leaver, _ = await shelf.invite("leaves@shop.example")
        row, token = await database.write(api_keys.create_key, KEY, NOW, actor=leaver.id)
        revoked = await database.write(
            users.remove_user, leaver.id, NOW, actor="usr_1", with_keys=True
        )
        assert revoked == [row.id]
        assert await database.read(api_keys.known_key, token, NOW) is None


class TestInvitationsThatAreRefused:
    async def test_after_a_few_nobody_is_invited_for_a_while(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.add_partner("other")
        await shelf.invite("theirs@other.example", partner_id="other")
        for _ in range(5):
            with pytest.raises(users.AddressTaken):
                await shelf.invite("theirs@other.example")
            await database.write(users.note_refusal, "shop", NOW, actor="usr_1")
        for address in ("theirs@other.example", "free@shop.example"):
            with pytest.raises(LimitReached):
                await shelf.invite(address)
        await shelf.invite("free@shop.example", now=after(3601))
        refused = await entries(database, "shop", AuditAction.INVITATION_REFUSED)
        assert len(refused) == 5
        assert "theirs" not in str([one.details for one in refused])


class TestTestEvents:
    async def test_so_many_for_an_endpoint(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        test: Callable[..., Any] = accept_test_event
        kind = EventType.DELIVERED
        for _ in range(TEST_EVENTS.most):
            await database.write(test, endpoint.id, kind, NOW, actor="t")
        with pytest.raises(LimitReached) as refused:
            await database.write(test, endpoint.id, kind, NOW, actor="t")
        assert 0 < refused.value.wait_s <= TEST_EVENTS.window.total_seconds()
        later = NOW + TEST_EVENTS.window
        await database.write(test, endpoint.id, kind, later, actor="t")


class TestTestTexts:
    async def test_a_few_an_hour(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb", contact_phone=OWN)
        for _ in range(TEST_TEXTS.most):
            await a_test_text(database)
        with pytest.raises(LimitReached):
            await a_test_text(database)
        await a_test_text(database, hours=1)

    async def test_they_take_nothing_from_the_customers(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="smb", contact_phone=OWN, sms_daily_cap=1)
        for _ in range(3):
            await (await planned(shelf, await a_test_text(database))).ready()
        event = an_event("out_for_delivery")
        [one] = (await shelf.plan(event)).deliveries
        await Text(shelf, event, one.delivery_id).ready()

    async def test_so_many_a_day_and_no_more(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb", contact_phone=OWN)
        for number in range(TEST_TEXTS_A_DAY):
            await (await planned(shelf, await a_test_text(database, hours=number / 4))).ready()
        text = await planned(shelf, await a_test_text(database, hours=6))
        await text.claim()
        assert (await text.row()).state is DeliveryState.HELD

    async def test_to_countries_that_are_open(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb", contact_phone=ELSEWHERE)
        with pytest.raises(Conflict):
            await a_test_text(database)
        await a_test_text(database, rules=TextRules(test_countries=frozenset({"US"})))


class TestTheOwnersPhone:
    async def test_it_is_used_once_the_code_is_right(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        assert (await shelf.one(PartnerRow, "shop")).contact_phone is None
        assert await confirm(database, code)
        assert (await shelf.one(PartnerRow, "shop")).contact_phone_masked == "+91********78"
        with pytest.raises(Conflict):
            await confirm(database, code)

    async def test_the_code_is_guessed_a_few_times_only(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        for _ in range(MOST_ATTEMPTS):
            assert not await confirm(database, wrong)
        with pytest.raises(Conflict):
            await confirm(database, code)

    async def test_it_ends(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        with pytest.raises(Conflict):
            await confirm(database, code, minutes=15)

    async def test_the_code_is_not_kept(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb")
        code = await code_sent(shelf, database)
        row = await shelf.one(PhoneCheckRow, "shop")
        assert code not in row.code_digest
        assert OWN not in row.phone

    async def test_so_many_codes_for_a_partner_and_to_a_phone(
        self, shelf: Shelf, database: Database
    ) -> None:
        for partner_id in ("shop", "other"):
            await shelf.add_partner(partner_id, tier="smb")
        for _ in range(3):
            await begin(database)
        for partner_id, phone in (("shop", "+919845012345"), ("other", OWN)):
            with pytest.raises(LimitReached):
                await begin(database, partner_id, phone)

    @pytest.mark.parametrize("phone", [ELSEWHERE, "+912224131234"])
    async def test_not_to_any_phone(self, shelf: Shelf, database: Database, phone: str) -> None:
        await shelf.add_partner(tier="smb")
        with pytest.raises(Invalid):
            await begin(database, phone=phone)


async def change(database: Database, endpoint_id: str, **fields: Any) -> EndpointRow:
    asked = EndpointChange.model_validate(fields)
    return await database.write(changes.change_endpoint, endpoint_id, asked, NOW, actor="t")


async def pause(database: Database, on: bool, *, by_ops: bool) -> None:
    asked = PartnerChange.model_validate({"paused": on})
    write = database.write
    await write(partners.change_partner, "shop", asked, NOW, actor="t", by_ops=by_ops)


async def enter(database: Database, role: Any) -> SessionRow:
    """Somebody who comes from the portal."""
    asked = PortalLinkRequest(name="portal user 4711", role=role)
    token, _ = await database.write(sign_in_links.portal_link, "shop", asked, NOW, actor="key_1")
    assert await database.read(sign_in_links.open_link, token, LinkKind.PORTAL, NOW) is not None
    return (await database.write(sessions.enter_from_portal, token, NOW)).row


async def entries(database: Database, object_id: str, action: AuditAction) -> list[AuditEntryRow]:
    wanted = AuditFilter(object_id=object_id)
    found = await database.read(list_entries, wanted, after=None, limit=50)
    return [one for one in found if one.action is action]


async def a_test_text(database: Database, *, hours: float = 0, rules: TextRules = RULES) -> str:
    """Ask for a test text; gives its event."""
    now, kind = NOW + timedelta(hours=hours), EventType.DELIVERED
    return await database.write(accept_test_text, "shop", kind, now, actor="t", rules=rules)


async def planned(shelf: Shelf, event_id: str) -> Text:
    """The delivery of a test text."""
    [one] = (await shelf.database.write(plan_event, event_id, NOW)).deliveries
    return Text(shelf, an_event(event_id=event_id), one.delivery_id)


async def begin(database: Database, partner_id: str = "shop", phone: str = OWN) -> str:
    write = database.write
    return await write(begin_phone_check, partner_id, phone, NOW, actor="t", rules=RULES)


async def code_sent(shelf: Shelf, database: Database) -> str:
    """The code, as it stands in the text that was sent."""
    event_id = await begin(database)
    ready = await (await planned(shelf, event_id)).ready()
    assert ready.to_phone == OWN
    return ready.body.partition("OTP: ")[2][:6]


async def confirm(database: Database, code: str, *, minutes: float = 1) -> bool:
    now = NOW + timedelta(minutes=minutes)
    return await database.write(confirm_phone, "shop", code, now, actor="t")
