"""An SMS as the customer read it: the words that are kept, or the same template filled once more
after they were erased with the OTP. Codes, and the ends of links that open something, are masked:
they are for the customer alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.names import first_name
from contracts.sms.languages import Language
from contracts.sms.rendering import rendered
from contracts.sms.rules import TextRules
from contracts.sms.templates import SHIPPED, SHIPPED_VERSION
from contracts.sms.variables import values_of, with_allowed_links, with_fewer_links
from contracts.tracking.links import PAGE_PATH
from store.encryption.columns import SMS_BODY
from store.encryption.sealing import open_sealed
from store.events.phones import INDIA, country_code_of
from store.sms.senders import link_prefixes_of
from store.tables import PartnerRow, SmsMessageRow, SmsTemplateRow

MASK = "••••"
_SECRET_LINK = re.compile(r"(/[to]/)[A-Za-z0-9_-]{8,}")
_OWN, _SHIPPED = "own", "shipped"


@dataclass(frozen=True)
class ReadText:
    """What an SMS says. `is_anew`: its own words are erased, so the template was filled again."""

    body: str = field(repr=False)
    is_anew: bool = False


def text_as_read(
    session: Session,
    row: SmsMessageRow,
    event: TrackingEvent,
    partner: PartnerRow,
    rules: TextRules,
) -> ReadText | None:
    """The words of an SMS; None where they are erased and what they were made from is not kept."""
    if row.body:
        return ReadText(_masked(open_sealed(session, SMS_BODY, row.body, row.id), event))
    template = _template(session, row, event.type)
    if template is None:
        return None
    values = _values(session, row, event, partner, rules)
    full = next(iter(with_fewer_links(values, template)))
    return ReadText(_masked(rendered(template, full), event), is_anew=True)


def _masked(text: str, event: TrackingEvent) -> str:
    """Without the code, without what opens a link, and with the customer's first name alone."""
    otp, customer = event.data.otp, event.data.order.customer
    if otp and otp.code:
        text = text.replace(otp.code, MASK)
    if customer and customer.name and (first := first_name(customer.name)):
        text = text.replace(customer.name, first)
    return _SECRET_LINK.sub(rf"\1{MASK}", text)


def _template(session: Session, row: SmsMessageRow, event_type: EventType) -> str | None:
    """What the SMS was made from, by its label, such as `own/hi/3` or `shipped/en/1`."""
    kind, _, rest = (row.template or "").partition("/")
    language, _, version = rest.partition("/")
    if kind == _SHIPPED and version == str(SHIPPED_VERSION):
        return SHIPPED[event_type].get(Language(language))
    if kind != _OWN:
        return None
    query = select(SmsTemplateRow.text).where(
        col(SmsTemplateRow.partner_id) == row.partner_id,
        col(SmsTemplateRow.event_type) == event_type,
        col(SmsTemplateRow.language) == language,
        col(SmsTemplateRow.version) == int(version),
    )
    return session.exec(query).first()


def _values(
    session: Session,
    row: SmsMessageRow,
    event: TrackingEvent,
    partner: PartnerRow,
    rules: TextRules,
) -> Mapping[str, str | None]:
    """The template's values as they were, with a mask where the code and the links' ends stood."""
    values = values_of(
        _with_masked_otp(event), shop=partner.name, opt_out=None, longest=rules.longest_value
    )
    if rules.public_url is not None:
        page = f"{rules.public_url}{PAGE_PATH}/{MASK}"
        tracked = page if partner.tracking_enabled else None
        ours = {
            "track": values.get("track") or tracked,
            "answer": tracked,
            "opt_out": f"{rules.public_url}/o/{MASK}",
        }
        values |= {name: link for name, link in ours.items() if name in values}
    customer = event.data.order.customer
    to_india = customer and customer.phone and country_code_of(customer.phone) == INDIA
    if to_india and row.sender is not None:
        values = with_allowed_links(values, link_prefixes_of(session, row.sender))
    return values


def _with_masked_otp(event: TrackingEvent) -> TrackingEvent:
    otp = event.data.otp
    if otp is None:
        return event
    data = event.data.model_copy(update={"otp": otp.model_copy(update={"code": MASK})})
    return event.model_copy(update={"data": data})
