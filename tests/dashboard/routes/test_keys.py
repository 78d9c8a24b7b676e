"""API keys on the dashboard: made, shown once, revoked; for owners only."""

import re

from contracts.access.callers import Scope
from contracts.access.users import Role
from contracts.clock import utc_now
from store.access.api_keys import revoke_key
from tests.support.keys import make_key
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor

REVOKED_BY = r"/keys/(key_\w+)/revoke"


class TestMakingOne:
    async def test_it_is_shown_once_and_works_for_this_partner(
        self, owner: Visitor, stack: Stack
    ) -> None:
        made = await owner.post("/p/shop/keys", {"label": "CRM import", "lasts": "90"})
        key = the_key(made)
        allowed = {"authorization": f"Bearer {key}"}
        assert (await stack.api.get("/v1/partners/shop", headers=allowed)).status_code == 200
        listed = await owner.get("/p/shop/keys")
        assert key not in listed.html
        assert "CRM import" in listed.text
        assert key.rpartition("_")[0] in listed.text
        assert "owner person" in listed.text

    async def test_without_a_label_none_is_made(self, owner: Visitor) -> None:
        page = await owner.post("/p/shop/keys", {"label": " ", "lasts": ""})
        assert (page.status, "Say what the key is for" in page.text) == (422, True)
        assert "No keys yet" in page.text


class TestRevoking:
    async def test_it_ends_the_key_at_once(self, owner: Visitor, stack: Stack) -> None:
        made = await owner.post("/p/shop/keys", {"label": "CRM import", "lasts": ""})
        allowed = {"authorization": f"Bearer {the_key(made)}"}
        assert (await stack.api.get("/v1/partners/shop", headers=allowed)).status_code == 200
        [key_id] = re.findall(REVOKED_BY, made.html)
        page = await owner.post(f"/p/shop/keys/{key_id}/revoke")
        assert "Key revoked." in page.text
        assert f"/keys/{key_id}/revoke" not in page.html
        assert (await stack.api.get("/v1/partners/shop", headers=allowed)).status_code == 401

    async def test_another_partners_key_is_not_found(self, owner: Visitor, stack: Stack) -> None:
        await stack.add_partner("other")
        key_id, _ = await make_key(stack.database, Scope.PARTNER, "other")
        assert (await owner.post(f"/p/shop/keys/{key_id}/revoke")).status == 404


class TestWhoSeesThem:
    async def test_keys_of_others_are_not_listed(self, owner: Visitor, stack: Stack) -> None:
        await make_key(stack.database, Scope.OPS)
        assert "No keys yet" in (await owner.get("/p/shop/keys")).text

    async def test_a_member_sees_none_and_makes_none(self, visitor: Visitor) -> None:
        member = await visitor.sign_in_as(Role.MEMBER, "shop")
        assert (await member.get("/p/shop/keys")).status == 403
        assert (await member.post("/p/shop/keys", {"label": "x"})).status == 403
        assert "/p/shop/keys" not in (await member.get("/p/shop/texts")).html

    async def test_the_newest_is_first_and_older_ones_are_on_the_next_page(
        self, owner: Visitor, stack: Stack
    ) -> None:
        oldest, _ = await make_key(stack.database, Scope.PARTNER, "shop")
        for _ in range(49):  # so many at once may not be in force
            key_id, _ = await make_key(stack.database, Scope.PARTNER, "shop")
            await stack.database.write(revoke_key, key_id, utc_now(), actor="test")
        newest, _ = await make_key(stack.database, Scope.PARTNER, "shop")
        first = await owner.get("/p/shop/keys")
        assert re.findall(REVOKED_BY, first.html) == [newest]
        [older] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
        second = await owner.get(older)
        assert (re.findall(REVOKED_BY, second.html), second.status) == ([oldest], 200)


def the_key(page: Page) -> str:
    """The key that a page shows."""
    [key] = re.findall(r'<code id="key">([^<]+)</code>', page.html)
    return str(key)
