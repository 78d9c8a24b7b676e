"""OTPs, as a customer reads them."""

from sqlmodel import Session

from store.events.bodies import body_of
from store.tables import EventRow
from tests.support.stack import Stack


async def otp_of(stack: Stack, event_id: str) -> str:
    """The code that the text of an event has."""

    def read(session: Session) -> str:
        otp = body_of(session, session.get_one(EventRow, event_id)).data.otp
        assert otp is not None
        assert otp.code is not None
        return otp.code

    return await stack.database.read(read)
