"""What figures of a partner were before: one baseline of each, replaced when it is given again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.errors import Invalid, NotFound
from contracts.outcomes.baseline_views import BaselineGiven
from contracts.outcomes.baselines import FIGURES, Baseline
from contracts.outcomes.lines_file import Line, LineFault, LinesRefused
from contracts.outcomes.periods import day_of
from store.access.audit import record
from store.partners.partners import get_partner
from store.tables import OutcomeBaselineRow

Change = list[str | None]
"""A value before and afterwards, as the audit log has them."""


def put_baseline(
    session: Session, partner_id: str, given: Baseline, now: datetime, *, actor: str
) -> OutcomeBaselineRow:
    """Keep a baseline that somebody gave. NotFound without such a partner, Invalid for days that
    have not come yet."""
    zone = get_partner(session, partner_id).time_zone
    if given.last > day_of(now, zone):
        raise Invalid("it is still to come", field="to")
    change = keep(session, partner_id, given, now, actor=actor)
    if change is not None:
        record(
            session,
            actor=actor,
            action=AuditAction.BASELINE_GIVEN,
            object_id=f"{partner_id}/{given.figure}",
            partner_id=partner_id,
            details={"value": change},
            now=now,
        )
    return session.get_one(OutcomeBaselineRow, (partner_id, given.figure))


def put_baselines_file(
    session: Session, lines: Sequence[Line[BaselineGiven]], now: datetime, actor: str
) -> None:
    """Keep all of a file, in the order of the keys, so that two who do it never wait for each
    other. LinesRefused names every line that cannot be kept, and then none is."""
    faults = []
    for one in sorted(lines, key=lambda line: (line.given.partner_id, line.given.figure)):
        try:
            put_baseline(session, one.given.partner_id, one.given.baseline, now, actor=actor)
        except NotFound:
            faults.append(LineFault(one.line, f"no partner {one.given.partner_id}"))
        except Invalid as error:
            faults.append(LineFault(one.line, f"{error.field}: {error}"))
    if faults:
        raise LinesRefused(sorted(faults, key=lambda one: one.line))


def keep(
    session: Session, partner_id: str, given: Baseline, now: datetime, *, actor: str
) -> Change | None:
    """Put it in the place of the one before; None where that was the same."""
    known = session.get(OutcomeBaselineRow, (partner_id, given.figure))
    if known is not None and baseline_of(known) == given:
        return None
    change = [str(known.value) if known else None, str(given.value)]
    said = {
        "value": given.value,
        "numerator": given.numerator,
        "denominator": given.denominator,
        "first_day": given.first,
        "last_day": given.last,
        "source": given.source,
        "given_by": actor,
        "given_at": now,
    }
    fresh = insert(OutcomeBaselineRow).values(partner_id=partner_id, figure=given.figure, **said)
    session.execute(fresh.on_conflict_do_update(index_elements=["partner_id", "figure"], set_=said))
    session.get_one(OutcomeBaselineRow, (partner_id, given.figure), populate_existing=True)
    return change


def remove_baseline(
    session: Session, partner_id: str, figure: str, now: datetime, *, actor: str
) -> None:
    """Compare a figure with nothing any more. NotFound without such a baseline."""
    known = session.get(OutcomeBaselineRow, (partner_id, figure))
    if known is None:
        raise NotFound(f"no baseline of {figure} of {partner_id}")
    session.delete(known)
    record(
        session,
        actor=actor,
        action=AuditAction.BASELINE_REMOVED,
        object_id=f"{partner_id}/{figure}",
        partner_id=partner_id,
        details={"value": [str(known.value), None]},
        now=now,
    )


def list_baselines(session: Session, partner_id: str | None = None) -> Sequence[OutcomeBaselineRow]:
    """Those of one partner, or of all: by partner, in the order of the figures."""
    query = select(OutcomeBaselineRow).order_by(col(OutcomeBaselineRow.partner_id))
    if partner_id is not None:
        query = query.where(col(OutcomeBaselineRow.partner_id) == partner_id)
    places = {name: place for place, name in enumerate(FIGURES)}
    return sorted(session.exec(query), key=lambda row: (row.partner_id, places[row.figure]))


def baseline_of(row: OutcomeBaselineRow) -> Baseline:
    """A row as a baseline."""
    return Baseline(
        *(row.figure, row.value, row.first_day, row.last_day),
        source=row.source,
        numerator=row.numerator,
        denominator=row.denominator,
    )
