"""The body of the webhook that gives the OMS an instruction."""

from sqlmodel import Session

from contracts.errors import NotFound
from contracts.instructions.posts import InstructionGiven
from contracts.instructions.request import AddressShown
from store.instructions.content import content_of
from store.tables import InstructionRow


def body_of_post(session: Session, row: InstructionRow) -> InstructionGiven:
    """What the OMS is told. NotFound for one that was never opened."""
    if row.number is None or row.opened_at is None:
        raise NotFound(f"instruction {row.id} is not in the feed")
    content = content_of(session, row)
    return InstructionGiven(
        timestamp=row.opened_at,
        instruction_id=row.id,
        number=row.number,
        partner_id=row.partner_id,
        order_id=row.order_id,
        event_id=row.event_id,
        attempt_number=row.attempt_number,
        action=row.action,
        date=row.date,
        slot=row.slot,
        address=AddressShown.model_validate(content.address) if content.address else None,
        phone=content.phone,
        comment=content.comment,
        given_by=row.given_by,
        supersedes=row.supersedes,
        expires_at=row.expires_at,
    )
