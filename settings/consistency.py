"""Settings that do not go together: each is refused with what to set."""

from contracts.access.identity_provider import OpsSignIn
from contracts.errors import ConfigurationError
from contracts.notifications.mail_server import MailTls, is_this_machine
from settings.group import PREFIX
from settings.model import Settings
from settings.names import variable

_TOGETHER = (
    ("ops_webhook_url", "ops_webhook_secret"),
    ("oms_webhook_url", "oms_webhook_secret"),
    ("smtp_host", "mail_from"),
    ("smtp_username", "smtp_password"),
)
"""Settings of which one means nothing without the other."""


def require_consistency(settings: Settings) -> None:
    """ConfigurationError where some of them do not go together."""
    for fields in _TOGETHER:
        _refuse_half(settings, fields)
    _refuse_rows_that_go_first(settings)
    _refuse_frames_without_tls(settings)
    _refuse_unfit_mail(settings)
    _refuse_half_a_provider(settings)


def _refuse_half(settings: Settings, fields: tuple[str, str]) -> None:
    unset = [variable(name) for name in fields if getattr(settings, name) is None]
    if len(unset) == 1:
        both = " and ".join(variable(name) for name in fields)
        raise ConfigurationError(f"{unset[0]} is not set: set both {both}, or neither")


def _refuse_rows_that_go_first(settings: Settings) -> None:
    personal, rows = (variable(name) for name in ("retention_days", "row_retention_days"))
    if settings.row_retention_days < settings.retention_days:
        raise ConfigurationError(
            f"{rows}: {settings.row_retention_days} days are fewer than the "
            f"{settings.retention_days} of {personal}, and rows go last"
        )


def _refuse_frames_without_tls(settings: Settings) -> None:
    """In another site's frame browsers keep a cookie only if it came over TLS."""
    if settings.embed_origin is not None and not (settings.public_url or "").startswith("https://"):
        raise ConfigurationError(
            f"{variable('embed_origin')}: set {variable('public_url')} to the https:// "
            "address of this dashboard, too"
        )


def _refuse_unfit_mail(settings: Settings) -> None:
    """No password crosses a network in the clear; an e-mail without its link helps nobody."""
    host = settings.smtp_host
    if host is None:
        return
    if settings.smtp_tls is MailTls.NONE and not is_this_machine(host):
        raise ConfigurationError(
            f"{variable('smtp_tls')}: none is for a mail server on this machine only; "
            "use starttls or implicit"
        )
    if settings.public_url is None:
        raise ConfigurationError(
            f"{variable('public_url')} is not set: e-mail has links to the dashboard in it, so "
            f"{variable('smtp_host')} needs it"
        )


def _refuse_half_a_provider(settings: Settings) -> None:
    """The provider sends people back to one address that it was told before."""
    needed = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
    unset = [variable(name) for name in needed if getattr(settings, name) is None]
    if 0 < len(unset) < len(needed):
        names = " and ".join(unset)
        raise ConfigurationError(
            f"{names}: set all of {PREFIX}OIDC_ISSUER, …_CLIENT_ID and …_CLIENT_SECRET, or none"
        )
    if not unset and settings.public_url is None:
        raise ConfigurationError(
            f"{variable('oidc_issuer')}: set {variable('public_url')}, too: the provider "
            "sends people back there"
        )
    provider, way = settings.identity_provider, variable("ops_sign_in")
    if provider is None and settings.ops_sign_in is OpsSignIn.OIDC:
        raise ConfigurationError(f"{way}: set {variable('oidc_issuer')}, or use password")
    if provider is not None and not (provider.rules.for_ops or provider.rules.for_partners):
        raise ConfigurationError(f"{way}: with password nobody signs in by the provider; use both")
