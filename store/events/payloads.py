"""The stored bytes of a payload, and the one change they ever see."""

from datetime import datetime, timedelta

from sqlmodel import Session

from contracts.payload.payload import Payload, to_bytes, without_expired_otp
from store.db.row_locks import TO_CHANGE
from store.encryption.columns import PAYLOAD_BODY
from store.encryption.sealing import open_bytes, seal_bytes
from store.tables import PayloadRow


def sendable_bytes(
    session: Session, event_id: str, schema_version: str, now: datetime, request_time: timedelta
) -> bytes:
    """The bytes to send now, none when they were erased. An OTP that ends before the request could
    is nulled for good."""
    row = session.get_one(PayloadRow, (event_id, schema_version))
    arrival = now + request_time
    if row.otp_valid_until is not None and arrival >= row.otp_valid_until:
        session.refresh(row, with_for_update=TO_CHANGE)  # it may have been erased meanwhile
    if not row.body:
        return b""
    body = open_bytes(session, PAYLOAD_BODY, row.body, event_id, schema_version)
    if row.otp_valid_until is not None and arrival >= row.otp_valid_until:
        payload = Payload.model_validate_json(body)
        stale = payload.model_copy(update={"data": without_expired_otp(payload.data, arrival)})
        body = to_bytes(stale)
        row.body = seal_bytes(session, PAYLOAD_BODY, body, event_id, schema_version)
        row.otp_valid_until = None
        session.add(row)
    return body
