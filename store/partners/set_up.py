"""That a partner's set-up is over and need not be shown any more."""

from datetime import datetime

from sqlmodel import Session

from store.partners.partners import locked_partner


def hide_set_up(session: Session, partner_id: str, now: datetime) -> None:
    """Keep it off the overview from now on. NotFound without the partner."""
    partner = locked_partner(session, partner_id)
    partner.set_up_hidden_at = partner.set_up_hidden_at or now
