"""Instructions after failed deliveries, the attempts to post them, and the texts about them."""

import datetime as dt
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Sequence, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from contracts.instructions.posts import PostState
from contracts.instructions.texts import InstructionTextKind, InstructionTextState
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy, InstructionAction, Slot
from store.tables.columns import Utc, enum_type

INSTRUCTION_NUMBERS = Sequence("instruction_numbers")
"""Read under a lock only (`store/instructions/numbers.py`)."""

_STANDS = text("state IN ('open', 'accepted')")
_NEEDS_CODE = text("state = 'waiting_for_code'")
_UNDECIDED = text("state IN ('waiting_for_code', 'open')")
_TO_POST = text("post_state = 'waiting'")
_DEAD = text("post_state = 'dead_lettered'")
_HAS_PHONE = text("phone_index IS NOT NULL")
_WAITING = text("state = 'waiting'")


class InstructionRow(SQLModel, table=True):
    """What somebody wants done after one failed attempt, which `event_id` names.

    `number` is its place in the feed, given when it is opened. `content` is encrypted, as
    `InstructionContent`; empty once erased. `failed_at` is when the attempt failed: what happens to
    the order after that closes the instruction. `ended_at` is when it was decided or ended.

    Of its webhook: `post_failures` counts those of this run of the schedule, `post_attempts` all;
    `post_due_at` is when the next is due, `asked_at` when Temporal was last asked to make it.

    No foreign key to the partner, which is never deleted.
    """

    __tablename__ = "instructions"
    __table_args__ = (
        UniqueConstraint("number", name="uq_instructions_number"),
        Index("uq_instructions_standing", "event_id", unique=True, postgresql_where=_STANDS),
        Index("uq_instructions_code", "event_id", unique=True, postgresql_where=_NEEDS_CODE),
        Index("ix_instructions_event_id", "event_id"),
        Index("ix_instructions_created_at", "created_at"),
        Index("ix_instructions_order", "partner_id", "order_id", "created_at"),
        Index("ix_instructions_feed_partner", "partner_id", "number"),
        Index("ix_instructions_undecided", "expires_at", postgresql_where=_UNDECIDED),
        Index(
            "ix_instructions_to_post", "partner_id", "order_id", "number", postgresql_where=_TO_POST
        ),
        Index("ix_instructions_dead", "expires_at", postgresql_where=_DEAD),
        Index("ix_instructions_phone", "phone_index", postgresql_where=_HAS_PHONE),
    )

    id: str = Field(primary_key=True)
    number: int | None = Field(default=None, sa_type=BigInteger)
    partner_id: str
    order_id: str
    event_id: str = Field(foreign_key="events.event_id")
    attempt_number: int
    action: InstructionAction = Field(
        sa_column=Column(enum_type(InstructionAction), nullable=False)
    )
    date: dt.date | None = None
    slot: Slot | None = Field(default=None, sa_column=Column(enum_type(Slot), nullable=True))
    content: str
    phone_index: str | None = None
    given_by: GivenBy = Field(sa_column=Column(enum_type(GivenBy), nullable=False))
    actor: str
    state: InstructionState = Field(sa_column=Column(enum_type(InstructionState), nullable=False))
    supersedes: str | None = None
    closed_by: str | None = None
    failed_at: datetime = Field(sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)
    opened_at: datetime | None = Field(default=None, sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    next_attempt_at: datetime | None = Field(default=None, sa_type=Utc)
    erased_at: datetime | None = Field(default=None, sa_type=Utc)
    post_state: PostState | None = Field(
        default=None, sa_column=Column(enum_type(PostState), nullable=True)
    )
    post_attempts: int = 0
    post_failures: int = 0
    post_code: str | None = None
    post_due_at: datetime | None = Field(default=None, sa_type=Utc)
    posted_at: datetime | None = Field(default=None, sa_type=Utc)
    asked_at: datetime | None = Field(default=None, sa_type=Utc)


class InstructionAttemptRow(SQLModel, table=True):
    """One POST of an instruction to the OMS. Without a code it is on the wire, or its worker died
    there."""

    __tablename__ = "instruction_attempts"
    __table_args__ = (
        UniqueConstraint("instruction_id", "number", name="uq_instruction_attempts_number"),
    )

    id: str = Field(primary_key=True)
    instruction_id: str = Field(foreign_key="instructions.id")
    number: int
    code: str | None = None
    status_code: int | None = None
    duration_ms: int | None = None
    started_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)


class InstructionTextRow(SQLModel, table=True):
    """A text to the order's phone: the code that a change needs, or the reminder of an attempt.

    Of a code only the keyed digest is kept, made when the text is claimed; it ends at `expires_at`
    and after `attempts_left` wrong ones. `claimed_at` is committed before Twilio is called: a claim
    without an answer may have been sent, and is not sent again. `why` says why it was not sent.
    """

    __tablename__ = "instruction_texts"
    __table_args__ = (
        Index("ix_instruction_texts_waiting", "asked_at", postgresql_where=_WAITING),
        Index(
            "uq_instruction_texts_reminder",
            "event_id",
            unique=True,
            postgresql_where=text("kind = 'reminder'"),
        ),
        Index("ix_instruction_texts_instruction", "instruction_id", "created_at"),
        Index("ix_instruction_texts_event_id", "event_id"),
    )

    id: str = Field(primary_key=True)
    kind: InstructionTextKind = Field(
        sa_column=Column(enum_type(InstructionTextKind), nullable=False)
    )
    partner_id: str
    order_id: str
    event_id: str = Field(foreign_key="events.event_id")
    instruction_id: str | None = Field(default=None, foreign_key="instructions.id")
    state: InstructionTextState = Field(
        sa_column=Column(enum_type(InstructionTextState), nullable=False)
    )
    why: str | None = None
    attempts: int = 0
    code_digest: str | None = None
    attempts_left: int = 0
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    asked_at: datetime | None = Field(default=None, sa_type=Utc)
    claimed_at: datetime | None = Field(default=None, sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)
