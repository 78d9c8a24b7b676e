"""Phones as texts need them: whether one can be texted, and of which country it is.

Valid is not enough: 5876543210 is a valid Indian number, of a fixed line. Where a country does
not tell the two apart (in North America, say), a number counts as mobile.
"""

import phonenumbers
from phonenumbers import PhoneNumberType

_CAN_BE_TEXTED = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
INDIA = "91"


def is_mobile(phone: str) -> bool:
    """Whether a number (E.164) is one that can be texted."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.number_type(number)
    return phonenumbers.is_valid_number(number) and kind in _CAN_BE_TEXTED


def country_code_of(phone: str) -> str:
    """The country's calling code of a number (E.164), such as `91`."""
    try:
        return str(phonenumbers.parse(phone).country_code)
    except phonenumbers.NumberParseException:
        return ""


def country_of(phone: str) -> str | None:
    """The country of a number (E.164) as ISO 3166 has it, such as `IN`; None: of none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
