"""The set-up of a partner as a list with state: each step is ticked by what is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.payload.events import EventType
from dashboard.page_context import PartnerContext
from dashboard.sms_pages import sender_of, standing_of
from dashboard.translations import Words
from store.reports.set_up import SetUp, read_set_up
from store.tables import PartnerRow


@dataclass(frozen=True)
class Step:
    """One thing to do. `name` is the end of its messages. Of an optional one the set-up does not
    wait; `by_support`: nobody of the shop can do it. `state` says how it stands, where that is more
    than done or not."""

    name: str
    place: str | None
    done: bool
    optional: bool = False
    by_support: bool = False
    state: str | None = None


@dataclass(frozen=True)
class SetUpList:
    """The steps in their order, those of the shop and those of our support team."""

    steps: Sequence[Step]
    by_support: Sequence[Step]
    hidden: bool

    @property
    def count(self) -> int:
        """How many steps it takes."""
        return len(self._needed)

    @property
    def done_count(self) -> int:
        """How many of these are done."""
        return sum(step.done for step in self._needed)

    @property
    def is_done(self) -> bool:
        """Whether everything that is needed is done: real events are flowing."""
        return self.done_count == self.count

    @property
    def is_shown(self) -> bool:
        """Whether the overview still shows it."""
        return not (self.is_done and self.hidden)

    @property
    def awaits_events(self) -> bool:
        """Whether nothing real has come yet, and the set-up is what there is to do."""
        return not self.steps[-1].done

    @property
    def next(self) -> Step | None:
        """The first step that is needed and not done."""
        return next((step for step in self._needed if not step.done), None)

    @property
    def _needed(self) -> list[Step]:
        return [step for step in self.steps if not step.optional]


async def set_up_for(context: PartnerContext) -> SetUpList:
    """The list of the partner whose page this is: `set_up`, all that `set_up_card.html` needs."""
    sender = context.parts.text_rules.default_sender
    seen = await context.read(read_set_up, context.partner, default_sender=sender)
    partner, t = context.partner, context.words
    own = _with_webhooks(partner, seen) if partner.webhook_enabled else _with_texts(partner, seen)
    support = _by_support(t, context, seen)
    return SetUpList(own, support, hidden=partner.set_up_hidden_at is not None)


def _with_texts(partner: PartnerRow, seen: SetUp) -> list[Step]:
    """Of a shop without code."""
    looks = partner.brand_color is not None or partner.logo_digest is not None
    return [
        Step("sms", "/texts", standing_of(partner) in ("on", "instead")),
        Step("test-sms", "/texts/templates", seen.has_test_sms),
        Step("phone", "/texts/settings", partner.contact_phone_confirmed_at is not None),
        Step("tracking", "/tracking", looks, optional=not partner.tracking_enabled),
        Step("first-order", "/events", seen.has_real_event),
    ]


def _with_webhooks(partner: PartnerRow, seen: SetUp) -> list[Step]:
    """Of a merchant with developers."""
    chosen = standing_of(partner) in ("on", "instead") or partner.sms_fallback
    return [
        Step("endpoint", "/endpoints", seen.has_endpoint),
        Step("test-event", "/endpoints", seen.has_tested_endpoint),
        Step("key", "/keys", seen.has_key, optional=True),
        Step("sms-or-fallback", "/texts", chosen, optional=True),
        Step("people", "/people", seen.people > 1),
        Step("first-event", "/events", seen.has_real_event),
    ]


def _by_support(t: Words, context: PartnerContext, seen: SetUp) -> list[Step]:
    """The sender and its registration, where SMS are to go out."""
    if standing_of(context.partner) == "off":
        return []
    sender = sender_of(context.partner, context.parts.text_rules)
    named = t("set-up-sender-is", sender=sender) if sender else t("set-up-sender-none")
    types = len(EventType)
    registered = (
        t("set-up-dlt-none")
        if seen.registered is None
        else t("set-up-dlt-count", count=seen.registered, types=types)
    )
    return [
        Step("sender", None, sender is not None, by_support=True, state=named),
        Step("dlt", None, seen.registered == types, by_support=True, state=registered),
    ]
