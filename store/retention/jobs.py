"""How the jobs of the retention stand: kept in the database, so that it outlives every worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from contracts.delivery.retention import JobResult, RetentionJob
from store.tables import RetentionJobRow


@dataclass(frozen=True)
class JobStanding:
    """When a job ended well last, and what it had to leave then."""

    succeeded_at: datetime
    unreadable: int
    kept: int


def note_success(session: Session, job: RetentionJob, result: JobResult, now: datetime) -> None:
    """Write down that a job went through all that there was to do, or as much as one round may."""
    values = {"succeeded_at": now, "unreadable": result.unreadable, "kept": result.kept}
    noted = insert(RetentionJobRow).values(job=job, **values)
    session.execute(noted.on_conflict_do_update(index_elements=["job"], set_=values))


def job_standings(session: Session) -> Mapping[RetentionJob, JobStanding]:
    """How each job stands that has ended well before."""
    return {
        row.job: JobStanding(row.succeeded_at, row.unreadable, row.kept)
        for row in session.exec(select(RetentionJobRow))
    }
