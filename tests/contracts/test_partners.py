"""Tiers, endpoints and ids: one table, and the forms that are taken."""

import re

import pytest
from pydantic import ValidationError

from contracts.endpoints.endpoints import EndpointCreate
from contracts.ids import IdKind, new_id, workflow_id
from contracts.partners import PartnerCreate
from contracts.payload.events import EventType
from contracts.tiers import TIERS, Tier, TierDefaults


class TestTiers:
    def test_the_table(self) -> None:
        assert {
            Tier.SMB: TierDefaults(False, True, False, True, 1, 4, 60, False, 0),
            Tier.GROWTH: TierDefaults(True, False, False, False, 3, 3, 600, True, 5),
            Tier.ENTERPRISE: TierDefaults(True, False, False, False, 10, 2, 3_000, True, 20),
        } == TIERS

    def test_every_tier_has_a_row(self) -> None:
        assert set(TIERS) == set(Tier)

    def test_more_is_served_earlier(self) -> None:
        """Temporal's priority 1 is served first."""
        priorities = [TIERS[tier].priority for tier in (Tier.ENTERPRISE, Tier.GROWTH, Tier.SMB)]
        assert priorities == sorted(priorities)
        assert all(1 <= priority <= 5 for priority in priorities)


class TestPartners:
    def test_channels_left_out_are_left_to_the_tier(self) -> None:
        asked = PartnerCreate.model_validate({"name": "Chai Point", "tier": "growth"})
        assert (asked.id, asked.webhook_enabled, asked.sms_enabled, asked.sms_fallback) == (
            None,
            None,
            None,
            None,
        )

    @pytest.mark.parametrize(
        "wrong",
        [
            {"tier": "platinum"},
            {"name": ""},
            {"name": "a\x00b"},
            {"id": "chai point"},
            {"id": "x" * 65},
            {"colour": "red"},
            {"sms_enabled": "perhaps"},
        ],
    )
    def test_what_is_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            PartnerCreate.model_validate({"name": "Chai Point", "tier": "growth", **wrong})


class TestEndpoints:
    @pytest.mark.parametrize(
        "url",
        [
            "https://hooks.shop.example",
            "https://hooks.shop.example:8443/doorstep?shop=1",
            "https://hooks.shop.example/a@b",
            "http://127.0.0.1:9101/hook",
            "https://[2606:4700::1]/hook",
        ],
    )
    def test_urls_that_are_taken_as_they_are(self, url: str) -> None:
        assert EndpointCreate(partner_id="chai", url=url).url == url

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "ftp://hooks.shop.example",
            "hooks.shop.example",
            "https://",
            "https:///hook",
            "https://:8443/hook",
            "https://hooks.shop.example:0/",
            "https://hooks.shop.example:65536/",
            "https://hooks.shop.example:port/",
            "https://[2606:4700::1/hook",
            "https://user@hooks.shop.example/",
            "https://user:password@hooks.shop.example/",
            "https://hooks.shop.example/a b",
            "https://hooks.shop.example/\x00",
            "https://hooks.shop.example/\x7f",
            "https://hooks.shop.example/\n",
            "https://hooks.shop.example/" + "x" * 2000,
        ],
    )
    def test_urls_that_no_request_could_go_to_or_that_carry_a_password(self, url: str) -> None:
        with pytest.raises(ValidationError) as caught:
            EndpointCreate(partner_id="chai", url=url)
        assert [line["loc"] for line in caught.value.errors()] == [("url",)]
        assert "password@" not in str(caught.value)

    def test_event_types_are_ours_and_at_least_one(self) -> None:
        for wrong in ([], ["teleported"]):
            with pytest.raises(ValidationError):
                EndpointCreate.model_validate(
                    {"partner_id": "chai", "url": "https://x.example", "event_types": wrong}
                )
        asked = EndpointCreate.model_validate(
            {"partner_id": "chai", "url": "https://x.example", "event_types": ["delivered"]}
        )
        assert asked.event_types == [EventType.DELIVERED]


class TestIds:
    @pytest.mark.parametrize("kind", list(IdKind))
    def test_the_prefix_names_the_kind(self, kind: IdKind) -> None:
        assert re.fullmatch(rf"{kind.value}_[0-9a-hjkmnp-tv-z]{{25}}", new_id(kind))

    def test_no_two_are_the_same(self) -> None:
        assert len({new_id(IdKind.ATTEMPT) for _ in range(10_000)}) == 10_000

    def test_they_sort_by_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        moments = iter([1, 1_000_000, 1_700_000_000_000_000_000, 1_700_000_000_001_000_000])
        monkeypatch.setattr("contracts.ids.time.time_ns", lambda: next(moments))
        made = [new_id(IdKind.DELIVERY) for _ in range(4)]
        assert made == sorted(made)

    def test_a_workflow_is_named_after_its_event(self) -> None:
        assert workflow_id("evt-1") == "event/evt-1"
