"""The log of changes in words: every action has a sentence, everybody a name, nothing a secret."""

import re

import pytest

from contracts.access.audit import AuditAction
from contracts.access.users import Role
from contracts.ids import IdKind, new_id
from dashboard.actors import actor_said
from dashboard.changes import Change, change_said, sentence_id
from dashboard.translations import words_in
from store.access.actors import Actor, ActorKind
from store.tables import AuditEntryRow
from tests.support.shelf import NOW
from tests.support.stack import Stack
from tests.support.visitor import Visitor


@pytest.mark.parametrize("action", AuditAction)
def test_every_action_has_a_sentence(action: AuditAction) -> None:
    said = words_in()(sentence_id(action), who="Priya", what="Arjun")
    assert said.startswith("Priya ")
    assert said.endswith(".")


@pytest.mark.parametrize("kind", ActorKind)
def test_every_kind_of_actor_has_a_name(kind: ActorKind) -> None:
    for name in (None, "Priya"):
        for partner_id in (None, "shop"):
            actor = Actor(kind, name, partner_id)
            for to_ops in (True, False):
                assert actor_said(words_in(), actor, "x", to_ops=to_ops)


class TestDetails:
    def test_a_setting_is_shown_before_and_after(self) -> None:
        [switch, types, phone] = details(
            AuditAction.PARTNER_CHANGED,
            sms_enabled=[False, True],
            sms_event_types=[None, ["delivered", "out_for_delivery"]],
            contact_phone=["***", "***"],
        )
        assert switch == ("Texts", "off", "on")
        assert types == ("Texted for", "not set", "Delivered, Out for delivery")
        assert phone == ("Contact phone", None, "changed; it is not shown here")

    def test_codes_are_in_words(self) -> None:
        assert details(AuditAction.USER_INVITED, role="member") == [("Role", None, "Member")]
        assert details(AuditAction.OPT_OUT_ADDED, source="link") == [
            ("Asked for", None, "by the customer, with the link in an SMS")
        ]

    def test_a_field_without_words_is_shown_by_its_name(self) -> None:
        [shown] = details(AuditAction.PARTNER_CREATED, something_new="x-1")
        assert shown == ("something new", None, "x-1")

    def test_an_instruction_says_what_was_asked_for_and_where_it_is(self) -> None:
        given = {"action": "reattempt", "given_by": "ops", "event_id": "evt_1", "state": "open"}
        assert details(AuditAction.INSTRUCTION_GIVEN, **given) == [
            ("Asked for", None, "Deliver with the next run"),
            ("It is", None, "passed on, not decided yet"),
        ]

    def test_the_next_attempt_is_a_moment_and_left_out_where_none_was_named(self) -> None:
        named = changed(AuditAction.INSTRUCTION_ACCEPTED, next_attempt_at=NOW.isoformat())
        assert [one.moment for one in named.details] == [NOW]
        assert changed(AuditAction.INSTRUCTION_ACCEPTED, next_attempt_at=None).details == []


class TestThePage:
    async def test_it_says_who_did_what_the_newest_first(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await owner.post("/p/shop/keys", {"label": "CRM import", "lasts": ""})
        await owner.post("/p/shop/settings", {"name": "Chai Point Pune", "time_zone": "UTC"})
        page = await owner.get("/p/shop/audit")
        changed = page.text.index("owner person changed settings.")
        assert changed < page.text.index("owner person made the API key “CRM import”.")
        assert "Time zone: Asia/Kolkata" in page.text
        assert "Operations added this partner." in page.text

    async def test_somebody_who_was_removed_keeps_their_name(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await owner.post("/p/shop/settings", {"name": "Chai Point Pune", "time_zone": "UTC"})
        other = {"email": "arjun@chaipoint.example", "name": "Arjun", "role": "owner"}
        invited = await owner.post("/p/shop/people", other)
        removed = set(re.findall(r"/people/(usr_\w+)/remove", invited.html))
        for user_id in removed:
            await owner.post(f"/p/shop/people/{user_id}/remove")
        page = await owner.get("/p/shop/audit")
        assert "owner person removed Arjun, who can sign in no more." in page.text

    async def test_to_a_partner_ops_are_operations_and_to_ops_a_name(
        self, visitor: Visitor
    ) -> None:
        ops = await Visitor(visitor.app).sign_in_as(Role.OPS)
        owner = await visitor.sign_in_as(Role.OWNER, "shop")
        await ops.post("/p/shop/settings/pause")
        assert "Operations changed settings." in (await owner.get("/p/shop/audit")).text
        assert "ops person" not in (await owner.get("/p/shop/audit")).text
        assert "ops person (operations) changed settings." in (await ops.get("/ops/audit")).text

    async def test_its_pages_follow_each_other(self, owner: Visitor, stack: Stack) -> None:
        for count in range(60):
            cap = {"sms_daily_cap": count + 1}
            await stack.api.patch("/v1/partners/shop", json=cap)
        first = await owner.get("/p/shop/audit")
        [older] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
        second = await owner.get(older)
        caps = [re.findall(r"<ins><bdi>(\d+)<", page.html) for page in (first, second)]
        assert [int(one) for page in caps for one in page] == list(range(60, 0, -1))

    async def test_a_partner_sees_its_own_and_only_ops_see_all(
        self, owner: Visitor, stack: Stack
    ) -> None:
        await stack.add_partner("other")
        assert (await owner.get("/ops/audit")).status == 404
        assert (await owner.get("/p/other/audit")).status == 404
        assert (await owner.get("/p/shop/audit")).text.count("added this partner") == 1

    async def test_it_is_narrowed_to_one_kind_of_thing(self, owner: Visitor) -> None:
        await owner.post("/p/shop/keys", {"label": "CRM import", "lasts": ""})
        await owner.post("/p/shop/settings", {"name": "Chai Point Pune", "time_zone": "UTC"})
        keys = await owner.get("/p/shop/audit?about=key")
        assert "made the API key" in keys.text
        assert "changed settings" not in keys.text
        assert "No activity yet" in (await owner.get("/p/shop/audit?about=template")).text
        assert (await owner.get("/p/shop/audit?about=nonsense")).status == 404

    async def test_a_member_reads_it(self, visitor: Visitor) -> None:
        member = await visitor.sign_in_as(Role.MEMBER, "shop")
        assert (await member.get("/p/shop/audit")).status == 200

    async def test_a_cursor_that_is_none_is_told(self, owner: Visitor) -> None:
        assert (await owner.get("/p/shop/audit?cursor=nonsense")).status == 422


def details(action: AuditAction, /, **said: object) -> list[tuple[str, str | None, str]]:
    """The details of an entry: name, before and after."""
    return [(one.name, one.before, one.value) for one in changed(action, **said).details]


def changed(action: AuditAction, /, **said: object) -> Change:
    """An entry in words."""
    row = AuditEntryRow(
        id=new_id(IdKind.AUDIT_ENTRY),
        at=NOW,
        actor="operator",
        action=action,
        object_kind=action.object_kind,
        object_id="x",
        details=dict(said),
    )
    actors = {"operator": Actor(ActorKind.OPERATOR), "x": Actor(ActorKind.UNKNOWN)}
    return change_said(words_in(), row, actors, to_ops=False)
