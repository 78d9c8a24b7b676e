"""How texts read for a sample order, and in words: how many there are, and why."""

from dataclasses import dataclass
from unicodedata import category

from sqlmodel import Session

from api.routes.sms_preview import preview
from contracts.payload.events import EventType
from contracts.sms.bodies import SmsPreview, SmsPreviewRequest
from contracts.sms.languages import Language
from contracts.sms.parts import Encoding, outside_gsm
from contracts.sms.rules import TextRules
from dashboard.translations import Words
from store.sms.templates import TemplateInForce, template_in_force
from store.tables import PartnerRow

_IN_ONE: dict[str, int] = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}


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


def parts_said(t: Words, shown: SmsPreview) -> str:
    """How many texts a customer gets, of how many characters, and what makes it more than one."""
    in_one = _IN_ONE[shown.encoding]
    known = {"count": shown.parts, "characters": shown.characters, "holds": in_one}
    culprits = outside_gsm(shown.text)
    if not culprits:
        return t("parts-plain-one" if shown.parts == 1 else "parts-plain-more", **known)
    message = "parts-wide-one" if shown.parts == 1 else "parts-wide-more"
    return t(message, **known, because=_because(t, culprits))


def finding_said(finding: str) -> str:
    """What the linter says, as a sentence of a page."""
    return f"{finding[:1].upper()}{finding[1:]}{'' if finding.endswith('.') else '.'}"


def _because(t: Words, culprits: list[str]) -> str:
    """The first character that costs: a letter where there is one, else a sign."""
    letter = next((one for one in culprits if category(one)[0] == "L"), None)
    kind = "letter" if letter else "sign"
    many = "-and-others" if len(culprits) > 1 else ""
    return t(f"parts-because-{kind}{many}", character=letter or culprits[0])
