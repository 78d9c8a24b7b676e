"""Every setting, in one."""

from dataclasses import replace
from email.headerregistry import Address
from pathlib import Path

from contracts.access.identity_provider import (
    CALLBACK_PATH,
    IdentityProvider,
    IdentityRules,
    OidcAudience,
    OpsSignIn,
)
from contracts.brand import Brand, logo_address, logo_in
from contracts.errors import ConfigurationError, Invalid
from contracts.notifications.mail_server import USUAL_PORTS, MailServer, read_sender
from contracts.sms.rules import TextRules
from contracts.tracking.logos import read_logo
from settings.dashboard import DashboardSettings
from settings.delivery import DeliverySettings
from settings.group import PREFIX
from settings.installation import InstallationSettings
from settings.mail import MailSettings
from settings.sms import SmsSettings


class Settings(
    MailSettings, SmsSettings, DashboardSettings, DeliverySettings, InstallationSettings
):
    """What an operator can set. What is made of several groups is made here."""

    @property
    def mail_server(self) -> MailServer | None:
        """Where e-mail is handed in, and as whom; None: none is sent."""
        if self.smtp_host is None or self.mail_from is None:
            return None
        sender, password = read_sender(self.mail_from), self.smtp_password
        return MailServer(
            host=self.smtp_host,
            port=self.smtp_port or USUAL_PORTS[self.smtp_tls],
            tls=self.smtp_tls,
            sender=Address(sender.display_name or self.brand_name, addr_spec=sender.addr_spec),
            username=self.smtp_username,
            password=password.get_secret_value() if password else None,
            time_limit_s=self.smtp_timeout,
            answer_limit_s=self.smtp_answer_timeout,
        )

    @property
    def identity_provider(self) -> IdentityProvider | None:
        """The company's identity provider; None: nobody signs in by one."""
        secret, client_id = self.oidc_client_secret, self.oidc_client_id
        if self.oidc_issuer is None or client_id is None or secret is None:
            return None
        return IdentityProvider(
            issuer=self.oidc_issuer,
            client_id=client_id,
            client_secret=secret.get_secret_value(),
            redirect_uri=f"{self.public_url}{CALLBACK_PATH}",
            scopes=self.oidc_scopes,
            rules=IdentityRules(
                ops_claim=self.oidc_ops_claim,
                ops_value=self.oidc_ops_value,
                for_ops=self.ops_sign_in is not OpsSignIn.PASSWORD,
                for_partners=self.oidc_for is OidcAudience.EVERYONE,
            ),
        )

    @property
    def brand(self) -> Brand:
        """In whose name the dashboard is shown. ConfigurationError where its logo is unfit."""
        brand = Brand(self.brand_name, colour=self.brand_colour, help_address=self.brand_help)
        logo = self.brand_logo
        try:
            if logo is None:
                return brand
            if logo.startswith("https://"):
                return replace(brand, logo_address=logo_address(logo))
            if logo.startswith("data:"):
                return replace(brand, logo=logo_in(logo))
            return replace(brand, logo=read_logo(Path(logo).read_bytes()))
        except (Invalid, OSError) as error:
            raise ConfigurationError(f"{PREFIX}BRAND_LOGO: {error}") from None

    @property
    def text_rules(self) -> TextRules:
        """What is set about texts."""
        return TextRules(
            longest_value=self.sms_longest_value,
            most_parts=self.sms_most_parts,
            daily_cap=self.sms_daily_cap,
            public_url=self.public_url,
            default_sender=self.twilio_sender,
            test_countries=frozenset(self.test_text_countries),
        )
