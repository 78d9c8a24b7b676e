"""Whom Doorstep talks to besides merchants: Twilio, a mail server, customers, ops and
the OMS."""

from activities.twilio_account import AccountAnswer, ask_for_account
from activities.twilio_sender import TwilioAccount
from commands.doctor.checks import Check, Finding
from commands.doctor.mail import check_mail
from contracts.endpoints.url import read_endpoint_url
from settings import Settings

_TWILIO = "Twilio"


async def check_channels(settings: Settings) -> list[Check]:
    """Each of them, by what is set and, with Twilio, by what it answers."""
    return [
        await _twilio(settings),
        await check_mail(settings),
        _public_url(settings),
        _ops_webhook(settings),
        _oms_webhook(settings),
    ]


async def _twilio(settings: Settings) -> Check:
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    given = {"TWILIO_ACCOUNT_SID": sid, "TWILIO_AUTH_TOKEN": token}
    unset = [name for name, value in given.items() if value is None]
    if sid is None or token is None:
        return _without_account(unset, wanted=len(unset) < len(given))
    account = TwilioAccount(sid, token.get_secret_value(), settings.twilio_base_url)
    answer = await ask_for_account(account)
    if not answer.is_active:
        return _refused(answer)
    if settings.twilio_sender is None:
        advice = "each partner with texts needs a sender of its own"
        return Check(_TWILIO, Finding.NOTE, "not set: TWILIO_SENDER", advice)
    seen = f"knows the account; texts are sent as {settings.twilio_sender}"
    return Check(_TWILIO, Finding.OK, seen)


def _without_account(unset: list[str], *, wanted: bool) -> Check:
    """Half an account is a mistake, none is a choice."""
    seen = f"not set: {', '.join(unset)}"
    if wanted:
        advice = "set both where the worker runs, or neither: no text is sent meanwhile"
        return Check(_TWILIO, Finding.MISSING, seen, advice)
    return Check(_TWILIO, Finding.NOTE, seen, "no text is sent until they are set")


def _refused(answer: AccountAnswer) -> Check:
    if answer.is_away:
        advice = "see to the network and to TWILIO_BASE_URL; texts are tried again meanwhile"
        return Check(_TWILIO, Finding.WRONG, f"does not answer ({answer.said})", advice)
    if answer.status == 200:
        advice = "reopen it in Twilio's console: no text is sent meanwhile"
        return Check(_TWILIO, Finding.WRONG, f"says that the account is {answer.said}", advice)
    advice = "correct TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN as Twilio's console shows them"
    seen = f"refuses the account (HTTP {answer.status}, {answer.said})"
    return Check(_TWILIO, Finding.WRONG, seen, advice)


def _public_url(settings: Settings) -> Check:
    name = "public URL"
    if settings.public_url is not None:
        return Check(name, Finding.OK, f"Twilio and customers come in at {settings.public_url}")
    advice = "texts have no status callbacks and no opt-out links without it"
    return Check(name, Finding.NOTE, "not set: DOORSTEP_PUBLIC_URL", advice)


def _oms_webhook(settings: Settings) -> Check:
    name, oms = "OMS webhook", settings.oms_webhook
    if oms is not None:
        host = read_endpoint_url(oms.url).host  # the rest of the URL may be a secret
        return Check(name, Finding.OK, f"instructions after failed deliveries are posted to {host}")
    advice = "the OMS reads instructions from the feed, /v1/instructions, or hears of none"
    return Check(name, Finding.NOTE, "not set: DOORSTEP_OMS_WEBHOOK_URL", advice)


def _ops_webhook(settings: Settings) -> Check:
    name, ops = "ops webhook", settings.ops_webhook
    if ops is not None:
        host = read_endpoint_url(ops.url).host  # the rest of the URL may be a secret
        return Check(name, Finding.OK, f"ops is told at {host} when an endpoint is switched off")
    advice = "only the log says when an endpoint is switched off"
    return Check(name, Finding.NOTE, "not set: DOORSTEP_OPS_WEBHOOK_URL", advice)
