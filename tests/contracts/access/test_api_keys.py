"""API keys: their shape, and what is kept of them."""

import hashlib

import pytest

from contracts.access.api_keys import digest_of, new_token, prefix_of
from contracts.access.callers import Caller, Scope


@pytest.mark.parametrize("scope", Scope)
def test_the_shown_part_says_the_scope_and_is_the_beginning(scope: Scope) -> None:
    token = new_token(scope)
    prefix = prefix_of(token)
    assert prefix is not None
    assert token.startswith(f"{prefix}_")
    assert prefix.startswith(f"dsk_{scope}_")
    assert len(prefix) == len(f"dsk_{scope}_") + 8


def test_what_is_not_shown_has_256_bits() -> None:
    """52 characters of 5 bits each, none of which stands still."""
    secrets = [new_token(Scope.OMS).rpartition("_")[2] for _ in range(400)]
    assert {len(one) for one in secrets} == {52}
    assert all(len({one[place] for one in secrets}) == 32 for place in range(52))


@pytest.mark.parametrize(
    "token",
    ["", "operator-key", "dsk_oms_", "dsk_admin_abcdefgh_" + "a" * 52, "dsk_oms_abcdefgh_short"],
)
def test_anything_else_is_no_key_of_ours(token: str) -> None:
    assert prefix_of(token) is None


def test_more_than_a_key_is_no_key() -> None:
    token = new_token(Scope.OPS)
    assert prefix_of(token + "a") is None
    assert prefix_of(token + "\n") is None
    assert prefix_of(token.upper()) is None


def test_a_digest_is_sha_256() -> None:
    assert digest_of("dsk") == hashlib.sha256(b"dsk").hexdigest()


def test_only_a_partner_s_key_has_an_owner() -> None:
    assert Caller("key_1", frozenset({Scope.OPS})).owner is None
    assert Caller("key_2", frozenset({Scope.PARTNER}), "shop").owner == "shop"
