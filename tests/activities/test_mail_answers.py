"""What a refusal of the recipient means: the address is refused, or we are."""

import pytest

from activities.mail_answers import on_recipient
from contracts.notifications.mail import MailFate

TO = "priya@chaipoint.example"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.1.1 <priya@chaipoint.example>: Recipient address rejected: User unknown"),
        (550, "5.1.1 User unknown in relay recipient table"),
        (550, "5.1.1 <relay.sender@chaipoint.example>: User unknown"),
        (550, "5.1.0 Address rejected"),
        (550, "5.4.1 Recipient address rejected: Access denied"),
        (552, "5.2.2 The account is over quota"),
        (550, "No such user here"),
        (553, "Mailbox name not allowed"),
    ],
)
def test_what_is_about_the_recipient_refuses_the_address(code: int, words: str) -> None:
    assert on_recipient(code, words, TO).fate is MailFate.REFUSED


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.1.7 Invalid address"),
        (553, "5.1.8 Domain does not exist"),
        (550, "5.1.0 <tracking@doorstep.example>: Sender address rejected: Domain not found"),
        (550, "5.7.1 Policy"),
        (550, "relay not permitted"),
        (550, "5.4.0 Relaying denied"),
        (551, "we do not relay"),
        (550, "Sender verify failed"),
        (550, "SMTP AUTH is required"),
        (553, "5.1.3 Authentication required"),
        (550, "not authorised to send from this address"),
        (550, "x" * 300 + " relaying denied"),
        (554, "Transaction failed"),
        (450, "5.1.1 greylisted"),
    ],
)
def test_what_is_about_us_says_nothing_of_the_address(code: int, words: str) -> None:
    assert on_recipient(code, words, TO).fate is MailFate.NOT_SENT


def test_its_words_are_kept_short_and_name_nobody() -> None:
    answer = on_recipient(550, f"relaying denied for <{TO}>, Priya " + "x" * 300, TO)
    assert answer.detail is not None
    assert answer.detail.startswith("relaying denied for …, … x")
    assert len(answer.detail) == 200
