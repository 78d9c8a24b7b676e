"""The mail server that e-mail is handed to, and its sender."""

from pydantic import Field, SecretStr, field_validator

from contracts.notifications.mail_server import MailTls, is_host, read_sender
from settings.group import SettingsGroup


class MailSettings(SettingsGroup):
    """Without a host no e-mail is sent."""

    smtp_host: str | None = Field(
        default=None,
        description="the mail server that e-mail is handed to; without it none is sent, and links "
        "to sign in are shown instead",
    )
    smtp_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="its port; without it 587, or 465 with DOORSTEP_SMTP_TLS=implicit",
    )
    smtp_username: str | None = Field(
        default=None, min_length=1, description="whom to sign in as there; without it nobody"
    )
    smtp_password: SecretStr | None = Field(default=None, description="the password for that")
    smtp_tls: MailTls = Field(
        default=MailTls.STARTTLS,
        description="starttls, implicit (TLS from the start) or none, which is for a mail server "
        "on this machine only",
    )
    smtp_timeout: float = Field(
        default=30.0,
        ge=1,
        le=60,
        description="seconds that the mail server may take for everything up to an e-mail's body",
    )
    smtp_answer_timeout: float = Field(
        default=120.0,
        ge=1,
        le=300,
        description="seconds that it may take to answer the body; an e-mail without an answer by "
        "then may have been sent, and is not sent again",
    )
    mail_from: str | None = Field(
        default=None,
        description="the sender of e-mail: an address, or a name and an address in < >; without "
        "a name DOORSTEP_BRAND_NAME is it",
    )

    @field_validator("smtp_host")
    @classmethod
    def _a_host(cls, value: str | None) -> str | None:
        if value is not None and not is_host(value):
            raise ValueError("use a host's name or address, such as smtp.example.com")
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, value: str | None) -> str | None:
        if value is not None:
            read_sender(value)
        return value
