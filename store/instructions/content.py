"""What is personal in an instruction, out of its encrypted column and into it."""

from sqlmodel import Session

from contracts.instructions.request import InstructionContent
from store.encryption.columns import INSTRUCTION_CONTENT
from store.encryption.sealing import open_sealed, phone_index, seal
from store.tables import InstructionRow


def content_of(session: Session, row: InstructionRow) -> InstructionContent:
    """What was said; nothing once it was erased."""
    if not row.content:
        return InstructionContent()
    opened = open_sealed(session, INSTRUCTION_CONTENT, row.content, row.id)
    return InstructionContent.model_validate_json(opened)


def put_content(session: Session, row: InstructionRow, content: InstructionContent) -> None:
    """Keep it encrypted, to be found again by the phone in it."""
    row.content = seal(session, INSTRUCTION_CONTENT, content.model_dump_json(), row.id)
    row.phone_index = phone_index(session, content.phone) if content.phone else None
