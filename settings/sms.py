"""Texts, and the Twilio account that sends them."""

import re
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from settings.group import SettingsGroup


class SmsSettings(SettingsGroup):
    """`TWILIO_…` are the account's own names."""

    sms_most_parts: int = Field(
        default=4, ge=1, le=10, description="parts that one text may be sent in; each is paid for"
    )
    sms_longest_value: int = Field(
        default=30,
        ge=10,
        le=60,
        description="characters that one variable of a text may fill, as DLT allows",
    )
    sms_daily_cap: int = Field(
        default=20_000, ge=1, description="texts a day for a partner without a cap of its own"
    )
    twilio_account_sid: str | None = Field(
        default=None,
        validation_alias="TWILIO_ACCOUNT_SID",
        description="the Twilio account; without it no text is sent and `doorstep doctor` says so",
    )
    twilio_auth_token: SecretStr | None = Field(
        default=None, validation_alias="TWILIO_AUTH_TOKEN", description="its auth token"
    )
    twilio_webhook_secret: SecretStr | None = Field(
        default=None,
        validation_alias="TWILIO_WEBHOOK_SECRET",
        description="the secret of the shared key that signs status callbacks with HMAC-SHA256; "
        "without it the auth token does",
    )
    twilio_sender: str | None = Field(
        default=None,
        validation_alias="TWILIO_SENDER",
        description="who sends for partners without a sender of their own: a number, a registered "
        "header, or a messaging service (MG…)",
    )
    twilio_base_url: str | None = Field(
        default=None,
        validation_alias="TWILIO_BASE_URL",
        description="another address for Twilio's API, such as the sandbox's",
    )
    test_text_countries: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("IN",),
        description="countries (ISO 3166, by commas) that shops may send test texts to; customers "
        "are texted wherever they are",
    )

    @field_validator("test_text_countries", mode="before")
    @classmethod
    def _split_countries(cls, value: Any) -> Any:
        return (
            [part.strip().upper() for part in value.split(",")] if isinstance(value, str) else value
        )

    @field_validator("test_text_countries")
    @classmethod
    def _known_countries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.fullmatch(r"[A-Z]{2}", country) for country in value):
            raise ValueError("use countries' two letters by commas, such as IN,AE")
        return value
