"""The texts that are shipped, for partners who write none of their own.

Hindi, Tamil and Kannada are UCS-2, 67 characters a part, so they say as little as they can. None
says anything about the rider's or the customer's sex, which nobody tells us. What a template may
contain: `contracts.sms.rendering` and `contracts.sms.lint`.
"""

from collections.abc import Mapping

from contracts.payload.events import EventType
from contracts.sms.languages import Language

SHIPPED_VERSION = 2
"""Counted up with every change of a shipped text: what was sent says what it was made from."""

SHIPPED: Mapping[EventType, Mapping[Language, str]] = {
    EventType.ORDER_CONFIRMED: {
        Language.ENGLISH: "{shop}: your order {order_id} is confirmed.[ Track: {track}]",
        Language.HINDI: "{shop}: आपका ऑर्डर {order_id} कन्फ़र्म हो गया है।[ ट्रैक करें: {track}]",
    },
    EventType.OUT_FOR_DELIVERY: {
        Language.ENGLISH: "{shop}: your order {order_id} is out for delivery with {rider}."
        "[ Delivery OTP: {otp}.][ Track: {track}]",
        Language.HINDI: "{shop}: आपका ऑर्डर {order_id} डिलीवरी के लिए निकल चुका है। राइडर: {rider}।"
        "[ OTP {otp} पार्सल मिलने पर ही राइडर को बताएँ।][ ट्रैक: {track}]",
        Language.TAMIL: "{shop}: ஆர்டர் {order_id} டெலிவரிக்குப் புறப்பட்டது. ரைடர்: {rider}."
        "[ OTP {otp}: பார்சல் பெற்ற பிறகே அவரிடம் கூறவும்.][ டிராக்: {track}]",
        Language.KANNADA: "{shop}: ನಿಮ್ಮ ಆರ್ಡರ್ {order_id} ಡೆಲಿವರಿಗೆ ಹೊರಟಿದೆ. ರೈಡರ್: {rider}."
        "[ OTP {otp}: ಪಾರ್ಸೆಲ್ ಪಡೆದ ನಂತರವೇ ರೈಡರ್\u200cಗೆ ತಿಳಿಸಿ.][ ಟ್ರ್ಯಾಕ್: {track}]",
    },
    EventType.DELIVERED: {
        Language.ENGLISH: "{shop}: your order {order_id} was delivered. Thank you.",
        Language.HINDI: "{shop}: आपका ऑर्डर {order_id} डिलीवर हो गया है। धन्यवाद।",
    },
    EventType.DELIVERY_FAILED: {
        Language.ENGLISH: "{shop}: we could not deliver your order {order_id} ({reason})."
        "[ Tell us what to do next: {answer}][ Track: {track}]",
        Language.HINDI: "{shop}: आपका ऑर्डर {order_id} डिलीवर नहीं हो सका ({reason})।"
        "[ आगे क्या करें, बताएँ: {answer}][ ट्रैक करें: {track}]",
    },
    EventType.RETURN_INITIATED: {
        Language.ENGLISH: "{shop}: your order {order_id} is on its way back to the shop.",
        Language.HINDI: "{shop}: आपका ऑर्डर {order_id} विक्रेता को वापस भेजा जा रहा है।",
    },
}


def shipped(event_type: EventType, language: Language) -> tuple[Language, str]:
    """The shipped text and the language it is in, which is English where there is no other."""
    texts = SHIPPED[event_type]
    there = language if language in texts else Language.ENGLISH
    return there, texts[there]
