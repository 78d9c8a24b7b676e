"""The figures and the chart of the overview: of messages and parcels, never of both in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.delivery.states import SkipReason
from contracts.outcomes.periods import day_of
from dashboard.charts import Chart, Series
from dashboard.figures import count_shown, share_shown, took_shown
from dashboard.overview_ranges import part_shown, parts_of
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING
from dashboard.translations import Words
from store.instructions import unanswered
from store.reports.days import DayCounts
from store.reports.overview import Overview, Range
from store.reports.tallies import MOST_COUNTED


@dataclass(frozen=True)
class Figure:
    """One figure on top. `now` and `before` are compared where both are there; `better` is which
    way is good. `place` is where there is more of it, `hint` its tooltip."""

    name: str
    value: str
    hint: str
    note: str | None = None
    tone: str = ""
    place: str | None = None
    now: int | None = None
    before: int | None = None
    better: str = "up"


@dataclass(frozen=True)
class Part:
    """An hour or a day in numbers; `place` lists what of it was not sent, `orders` its orders."""

    label: str
    counts: DayCounts
    failed_place: str | None
    orders_place: str | None


def figures_of(t: Words, seen: Overview, asked: Range) -> list[Figure]:
    """Of today with what is open now; of longer ranges what happened in them."""
    sent = Figure(
        t("overview-sent"),
        count_shown(t, seen.made.sent),
        t("overview-sent-hint"),
        note=_share(t, seen.made),
        now=seen.made.sent,
        before=seen.before.sent,
    )
    delivered = Figure(
        t("overview-delivered"),
        count_shown(t, seen.made.parcels_delivered),
        t("overview-delivered-hint"),
        now=seen.made.parcels_delivered,
        before=seen.before.parcels_delivered,
    )
    if asked.days > 1:
        return [sent, _not_sent(t, seen), delivered, _failed_deliveries(t, seen)]
    return [sent, *_open(t, seen), _out(t, seen), delivered, _to_answer(t, seen)]


def not_needed_of(t: Words, seen: Overview) -> list[str]:
    """What was skipped, by reason, the commonest first."""
    by_count = sorted(seen.today.skipped.items(), key=lambda one: (-one[1], str(one[0])))
    return [
        t("overview-not-needed-one", why=t(f"skipped-{why or SkipReason.NO_CHANNEL}"), count=count)
        for why, count in by_count
    ]


def parts_shown(t: Words, seen: Overview, asked: Range) -> list[Part]:
    """Every hour or day. Of days whose events are gone there is no list."""
    gone = seen.gone_until
    oldest = day_of(gone, asked.zone) if gone else date.min
    return [
        Part(
            part_shown(t, day, hour),
            counts,
            _between("/dead-letters", day) if day >= oldest and counts.not_sent else None,
            _between("/orders", day) if day >= oldest and counts.all else None,
        )
        for (day, hour), counts in zip(parts_of(asked), seen.parts, strict=True)
    ]


def chart_of(t: Words, parts: Sequence[Part], title: str, base: str) -> Chart | None:
    """All of it as bars that lead to their lists; None where there is nothing to draw."""
    if not any(one.counts.all for one in parts):
        return None
    orders = [one.orders_place and f"{base}{one.orders_place}" for one in parts]
    failed = [one.failed_place and f"{base}{one.failed_place}" for one in parts]
    series = [
        Series(t("overview-bar-sent"), GOOD, [one.counts.sent for one in parts], orders),
        Series(t("overview-bar-failed"), BAD, [one.counts.not_sent for one in parts], failed),
        Series(
            t("overview-bar-waiting"),
            WAITING,
            [one.counts.waiting + one.counts.queued for one in parts],
            orders,
        ),
        Series(
            t("overview-bar-not-needed"), QUIET, [one.counts.not_needed for one in parts], orders
        ),
    ]
    return Chart(title, [one.label for one in parts], series)


def times_of(t: Words, seen: Overview) -> str | None:
    """How long it took, for developers and ops."""
    found = seen.propagation
    if found is None:
        return None
    p50, p95 = took_shown(t, found.p50_s), took_shown(t, found.p95_s)
    return t("overview-times", p50=p50, p95=p95, count=found.count)


def _share(t: Words, made: DayCounts) -> str | None:
    if made.share_sent is None:
        return None
    due = count_shown(t, made.due)
    return t("overview-share", share=share_shown(t, made.share_sent), due=due)


def _open(t: Words, seen: Overview) -> list[Figure]:
    """What has failed and what is on hold now, whenever it was made."""
    now, queued = seen.now, seen.made.queued
    return [
        Figure(
            t("overview-failed"),
            count_shown(t, now.failed, MOST_COUNTED),
            t("overview-failed-hint"),
            tone=BAD if now.failed else "",
            place="/dead-letters" if now.failed else None,
        ),
        Figure(
            t("overview-held"),
            count_shown(t, now.held, MOST_COUNTED),
            t("overview-held-hint"),
            note=t("overview-queued", count=queued) if queued else None,
            tone=WAITING if now.held else "",
            place="/dead-letters#on-hold" if now.held else None,
        ),
    ]


def _not_sent(t: Words, seen: Overview) -> Figure:
    return Figure(
        t("overview-not-sent"),
        count_shown(t, seen.made.not_sent),
        t("overview-not-sent-hint"),
        tone=BAD if seen.made.not_sent else "",
        place="/dead-letters",
        now=seen.made.not_sent,
        before=seen.before.not_sent,
        better="down",
    )


def _out(t: Words, seen: Overview) -> Figure:
    place = "/orders?parcel=out_for_delivery" if seen.out_for_delivery else None
    shown = count_shown(t, seen.out_for_delivery)
    return Figure(t("overview-out"), shown, t("overview-out-hint"), place=place)


def _to_answer(t: Words, seen: Overview) -> Figure:
    return Figure(
        t("overview-to-answer"),
        count_shown(t, seen.to_answer, unanswered.MOST_COUNTED),
        t("overview-to-answer-hint"),
        tone=WAITING if seen.to_answer else "",
        place="/failed-deliveries" if seen.to_answer else None,
    )


def _failed_deliveries(t: Words, seen: Overview) -> Figure:
    return Figure(
        t("overview-attempts"),
        count_shown(t, seen.made.failed_deliveries),
        t("overview-attempts-hint"),
        now=seen.made.failed_deliveries,
        before=seen.before.failed_deliveries,
        better="down",
        place="/outcomes",
    )


def _between(place: str, day: date) -> str:
    return f"{place}?since={day}&until={day}"
