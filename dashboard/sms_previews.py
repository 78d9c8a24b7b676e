"""How texts read for a sample order, and whether they would be blocked in India."""

from dataclasses import dataclass

from sqlmodel import Session

from api.routes.sms_preview import preview
from contracts.payload.events import EventType
from contracts.sms.bodies import SmsPreview, SmsPreviewRequest
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from store.sms.templates import TemplateInForce, template_in_force
from store.tables import PartnerRow


@dataclass(frozen=True)
class TextPreview:
    """The text of one type of event as its customer would get it. `asked` is the language that was
    asked for, `template` what the text is made from, perhaps in another."""

    event_type: EventType
    asked: Language
    template: TemplateInForce
    shown: SmsPreview

    @property
    def stands_in(self) -> bool:
        """Whether English stands in, because there is no text in the language."""
        return self.template.language is not self.asked

    @property
    def blocked(self) -> bool:
        """Whether no text of it may leave for India, by what is registered there."""
        return self.shown.registered is not None and self.shown.registered.departure is not None


def preview_in_force(
    session: Session,
    partner: PartnerRow,
    event_type: EventType,
    language: Language,
    rules: TextRules,
) -> TextPreview:
    """What is texted now for a type of event, in a language."""
    template = template_in_force(session, partner.id, event_type, language)
    asked = SmsPreviewRequest(
        partner_id=partner.id,
        event_type=event_type,
        language=template.language,
        text=template.text,
    )
    shown = preview(session, asked, partner.id, rules)
    return TextPreview(event_type, language, template, shown)
