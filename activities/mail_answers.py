"""What the answers of a mail server mean, by the step at which they come."""

import re

import aiosmtplib

from contracts.notifications.mail import MailAnswer, MailFate

_ENHANCED = re.compile(r"\s*5\.(\d{1,3}\.\d{1,3})\b")
_OF_THE_ADDRESS = ("1.", "2.", "4.")
"""Subjects of enhanced codes (RFC 3463) that speak of the recipient: the address, the mailbox, the
way there. The others, such as 7 (policy), speak of us: that we may not relay, say."""
_OF_THE_SENDER = ("1.7", "1.8")
"""Codes of these subjects that speak of the sender's address, which is ours."""
_REFUSES_THE_ADDRESS = {501, 550, 551, 552, 553, 556}
"""Codes that speak of the recipient where there is no enhanced one (RFC 5321, RFC 7504)."""
_ABOUT_US = re.compile(
    r"\brelay(?! recipient (?:table|map))|\bsender\b|\bauth\b|authenticat|authori[sz]",
    re.IGNORECASE,
)
"""Words of a refusal that is about us, whatever its code. Postfix calls a list of recipients its
`relay recipient table`."""
_ADDRESS = re.compile(r"<[^>]*>|\S*@\S*")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]+")
_LONGEST_WORDS = 200
_MASK = "…"


def on_recipient(code: int, words: str, to: str) -> MailAnswer:
    """Of RCPT TO, when it was not accepted. Only what is clearly about the recipient refuses the
    address."""
    said = _plain(words, to)
    refused = 500 <= code < 600 and _speaks_of_it(code, words) and not _ABOUT_US.search(said)
    fate = MailFate.REFUSED if refused else MailFate.NOT_SENT
    return MailAnswer(fate, f"smtp_{code}", cleaned(words, to))


def on_body(answer: aiosmtplib.SMTPResponse, to: str) -> MailAnswer:
    """Of the body. Only what is certainly a refusal counts as one."""
    if 200 <= answer.code < 300:
        fate = MailFate.SENT
    elif 400 <= answer.code < 500:
        fate = MailFate.NOT_SENT
    elif 500 <= answer.code < 600:
        fate = MailFate.REJECTED
    else:
        return MailAnswer(MailFate.UNKNOWN, "unreadable")
    return MailAnswer(fate, f"smtp_{answer.code}", cleaned(answer.message, to))


def not_sent(code: str, words: str | None = None, to: str = "") -> MailAnswer:
    """Of anything before the body: nothing has left."""
    return MailAnswer(MailFate.NOT_SENT, code, cleaned(words, to) if words else None)


def cleaned(words: str, to: str) -> str:
    """The server's words without addresses, neither anybody's nor the name in the recipient's."""
    return _plain(words, to)[:_LONGEST_WORDS]


def _speaks_of_it(code: int, words: str) -> bool:
    """Whether the codes of a refusal are those of a recipient."""
    enhanced = _ENHANCED.match(words)
    if enhanced is None:
        return code in _REFUSES_THE_ADDRESS
    return enhanced[1].startswith(_OF_THE_ADDRESS) and enhanced[1] not in _OF_THE_SENDER


def _plain(words: str, to: str) -> str:
    name = to.partition("@")[0]
    plain = _ADDRESS.sub(_MASK, _UNSEEN.sub(" ", words))
    if name:
        plain = re.sub(re.escape(name), _MASK, plain, flags=re.IGNORECASE)
    return plain.strip()
