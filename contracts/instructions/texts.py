"""The texts about instructions, which go to the order's phone: a code, or a reminder."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.sms.languages import Language

CODE_DIGITS = 6
TEXT_DELAYS_S: tuple[float, ...] = (15.0, 45.0, 120.0)
"""Somebody waits for the code, which is of use for minutes only."""


class InstructionTextKind(StrEnum):
    """What a text is for."""

    CODE = "code"
    REMINDER = "reminder"


class InstructionTextState(StrEnum):
    """`waiting` until it has ended. `failed`: refused for good, given up, or nobody can tell
    whether it was sent; `skipped`: nothing was sent, on purpose."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class InstructionTextInput:
    """Input of the workflow and its activity: which text."""

    text_id: str


@dataclass(frozen=True)
class InstructionTextResult:
    """How a text stands after an attempt; `again_in_s` while it waits."""

    state: InstructionTextState
    code: str | None = None
    again_in_s: float | None = None


_CODE = {
    Language.ENGLISH: "{shop}: {code} is the code to change where your order {order} goes. "
    "Valid for 10 minutes. Tell it to nobody.",
    Language.HINDI: "{shop}: आपके ऑर्डर {order} का पता या फ़ोन बदलने का कोड {code} है। "
    "10 मिनट तक मान्य। किसी को न बताएँ।",
    Language.TAMIL: "{shop}: உங்கள் ஆர்டர் {order} முகவரி அல்லது எண்ணை மாற்ற குறியீடு {code}. "
    "10 நிமிடம் செல்லும். யாரிடமும் சொல்ல வேண்டாம்.",
    Language.KANNADA: "{shop}: ನಿಮ್ಮ ಆರ್ಡರ್ {order} ವಿಳಾಸ ಅಥವಾ ಫೋನ್ ಬದಲಿಸಲು ಕೋಡ್ {code}. "
    "10 ನಿಮಿಷ ಮಾನ್ಯ. ಯಾರಿಗೂ ಹೇಳಬೇಡಿ.",
}

_REMINDER = {
    Language.ENGLISH: "{shop}: order {order} could not be delivered. "
    "Please tell us what to do before the next attempt.",
    Language.HINDI: "{shop}: ऑर्डर {order} डिलीवर नहीं हो सका। अगली कोशिश से पहले बताएँ कि क्या करना है।",
    Language.TAMIL: "{shop}: ஆர்டர் {order} வழங்க முடியவில்லை. "
    "அடுத்த முயற்சிக்கு முன் என்ன செய்வது என்று சொல்லுங்கள்.",
    Language.KANNADA: "{shop}: ಆರ್ಡರ್ {order} ತಲುಪಿಸಲಾಗಲಿಲ್ಲ. ಮುಂದಿನ ಪ್ರಯತ್ನಕ್ಕೂ ಮೊದಲು ಏನು ಮಾಡಬೇಕೆಂದು ತಿಳಿಸಿ.",
}


def code_text(language: Language, *, shop: str, order: str, code: str) -> str:
    """The text with the code. `shop` and `order` are cut and cleaned as a registered text's
    variables have to be (`contracts.sms.variables.as_text_value`)."""
    return _CODE[language].format(shop=shop, order=order, code=code)


def reminder_texts(language: Language, *, shop: str, order: str, link: str | None) -> list[str]:
    """The reminder that an order waits for an answer: with the link to its page, if there is one,
    and without, for a sender who may not send that."""
    text = _REMINDER[language].format(shop=shop, order=order)
    return [f"{text} {link}", text] if link else [text]
