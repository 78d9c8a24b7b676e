"""The sandbox Twilio takes what Twilio's published limits allow, and nothing beyond them.

Sources: Twilio's Messages API reference (Body, ValidityPeriod, MessagingServiceSid, StatusCallback)
and its error 21609.
"""

import pytest

from sandbox.twilio_messages import first_fault
from sandbox.twilio_steps import Refuse

FINE = {"To": "+919845012345", "From": "+15005550006", "Body": "x"}
SERVICE = "MG" + "2e" * 16


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Body": "x" * 1600},
        {"Body": "न" * 1600},
        {"ValidityPeriod": "1"},
        {"ValidityPeriod": "36000"},
        {"From": "", "MessagingServiceSid": SERVICE},
        {"StatusCallback": ""},
        {"StatusCallback": "https://doorstep.example"},
        {"StatusCallback": "https://doorstep.example/v1/sms/status?claim=sms_1"},
        {"StatusCallback": "http://127.0.0.1:8080/v1/sms/status"},
        {"StatusCallback": "http://[::1]:8080/"},
        {"StatusCallback": "https://d.example/".ljust(4000, "x")},
    ],
)
def test_within_the_limits(fields: dict[str, str]) -> None:
    assert first_fault(FINE | fields) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Body": "x" * 1601}, 21617),
        ({"ValidityPeriod": "0"}, 21624),
        ({"ValidityPeriod": "36001"}, 21624),
        ({"ValidityPeriod": "9999999999"}, 21624),
        ({"ValidityPeriod": "-1"}, 21624),
        ({"ValidityPeriod": "1.5"}, 21624),
        ({"ValidityPeriod": "²"}, 21624),
        ({"ValidityPeriod": ""}, 21624),
        ({"From": "", "MessagingServiceSid": "MG1"}, 21705),
        ({"From": "", "MessagingServiceSid": SERVICE + "0"}, 21705),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"StatusCallback": "https://"}, 21609),
        ({"StatusCallback": "https:///path"}, 21609),
        ({"StatusCallback": "https://["}, 21609),
        ({"StatusCallback": "ftp://doorstep.example/status"}, 21609),
        ({"StatusCallback": "https://door_step.example/status"}, 21609),
        ({"StatusCallback": "https://doorstep.example:x/status"}, 21609),
        ({"StatusCallback": "https://doorstep.example:0/status"}, 21609),
        ({"StatusCallback": "https://doorstep.example/a status"}, 21609),
        ({"StatusCallback": "https://d.example/".ljust(4001, "x")}, 21609),
    ],
)
def test_beyond_them(fields: dict[str, str], code: int) -> None:
    assert first_fault(FINE | fields) == Refuse(code)
