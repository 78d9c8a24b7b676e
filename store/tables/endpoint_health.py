"""What is known of an endpoint's answers, summed up as they come: five minutes a row."""

from datetime import datetime

from sqlalchemy import ARRAY, Column, Integer
from sqlmodel import Field, SQLModel

from store.tables.columns import Utc


class EndpointSpanRow(SQLModel, table=True):
    """The finished attempts of one endpoint in five minutes, from `started_at` on.

    `timed_out` are among the `failed`. `latencies` counts the answers by how long they took, in the
    bins of `contracts/endpoints/health.py`.
    """

    __tablename__ = "endpoint_spans"

    endpoint_id: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=Utc, primary_key=True)
    succeeded: int = 0
    failed: int = 0
    timed_out: int = 0
    latencies: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
