"""Settings: defaults, and a wrong one is one line that names the variable and never its value."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from contracts.brand import Brand
from contracts.errors import ConfigurationError
from contracts.notifications.webhooks import OpsWebhook
from contracts.sms.rules import TextRules
from settings import Settings, load_settings, temporal_options, traces_wanted, variable_names
from store.db.embedded import embedded_url
from tests.support.pictures import a_png

OPS_SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without any setting, whatever the machine has."""
    for name in list(os.environ):
        if name.startswith(("DOORSTEP_", "OTEL_", "TEMPORAL_", "TWILIO_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """What is said about these variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    said = str(caught.value)
    assert "\n" not in said
    return said


class TestDefaults:
    def test_nothing_has_to_be_set(self) -> None:
        settings = load_settings()
        assert settings.store_url == embedded_url(Path(".doorstep"), 5433)
        assert (settings.api_host, settings.api_port) == ("127.0.0.1", 8080)
        assert (settings.temporal_port, settings.temporal_ui_port) == (7233, 8233)
        assert settings.retry_schedule.delays_s == (30, 120, 480)
        assert settings.allowed_networks == ()
        assert settings.activity_slots == 1000
        assert settings.log_level == "INFO"
        assert settings.operator_key is None
        assert settings.twilio_account_sid is None
        assert settings.text_rules == TextRules()
        assert settings.ops_webhook is None

    def test_an_empty_variable_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in variable_names():
            monkeypatch.setenv(name, "")
        assert load_settings() == Settings()

    def test_every_variable_says_what_it_is_for(self) -> None:
        assert all(variable_names().values())


class TestReading:
    def test_each_kind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in {
            "DOORSTEP_DATA_DIR": "/srv/doorstep",
            "DOORSTEP_OPERATOR_KEY": "a-key-of-the-operator",
            "DOORSTEP_RETRY_DELAYS": "5, 60,3600",
            "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8, ::1/128",
            "DOORSTEP_API_PORT": "9090",
            "DOORSTEP_LOG_LEVEL": "DEBUG",
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "a-token",
            "TWILIO_SENDER": "DOORST",
            "TWILIO_BASE_URL": "http://127.0.0.1:9201",
        }.items():
            monkeypatch.setenv(name, value)
        settings = load_settings()
        assert settings.store_url == embedded_url(Path("/srv/doorstep"), 5433)
        assert settings.retry_delays == (5, 60, 3600)
        assert [str(one) for one in settings.allowed_networks] == ["127.0.0.0/8", "::1/128"]
        assert (settings.api_port, settings.log_level) == (9090, "DEBUG")
        assert (settings.twilio_account_sid, settings.twilio_sender) == ("AC1", "DOORST")
        assert settings.operator_key is not None
        assert settings.operator_key.get_secret_value() == "a-key-of-the-operator"

    def test_secrets_do_not_show(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DOORSTEP_OPERATOR_KEY", "a-key-of-the-operator")
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a-token")
        monkeypatch.setenv("TWILIO_WEBHOOK_SECRET", "a-webhook-secret")
        monkeypatch.setenv("DOORSTEP_REDIS_URL", "redis://:a-password@redis/0")
        monkeypatch.setenv("DOORSTEP_OPS_WEBHOOK_URL", "https://ops.example/in")
        monkeypatch.setenv("DOORSTEP_OPS_WEBHOOK_SECRET", OPS_SECRET)
        shown = repr(load_settings()) + load_settings().model_dump_json()
        assert "a-key" not in shown
        assert "a-token" not in shown
        assert "a-webhook" not in shown
        assert "a-password" not in shown
        assert OPS_SECRET not in shown + repr(load_settings().ops_webhook)

    def test_the_rules_for_texts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in {
            "DOORSTEP_PUBLIC_URL": "https://doorstep.example",
            "DOORSTEP_SMS_MOST_PARTS": "3",
            "DOORSTEP_SMS_LONGEST_VALUE": "40",
            "DOORSTEP_SMS_DAILY_CAP": "500",
            "TWILIO_SENDER": "DOORST",
        }.items():
            monkeypatch.setenv(name, value)
        assert load_settings().text_rules == TextRules(
            longest_value=40,
            most_parts=3,
            daily_cap=500,
            public_url="https://doorstep.example",
            default_sender="DOORST",
        )

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ("https://doorstep.example", "https://doorstep.example"),
            ("https://doorstep.example/", "https://doorstep.example"),
            (" https://doorstep.example ", "https://doorstep.example"),
            ("https://Door-step.example:8443", "https://Door-step.example:8443"),
            ("https://203.0.113.7", "https://203.0.113.7"),
            ("https://[2001:db8::7]:8443/", "https://[2001:db8::7]:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.8.9.1", "http://127.8.9.1"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ],
    )
    def test_public_addresses(self, monkeypatch: pytest.MonkeyPatch, value: str, kept: str) -> None:
        monkeypatch.setenv("DOORSTEP_PUBLIC_URL", value)
        assert load_settings().public_url == kept

    def test_the_ops_webhook(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DOORSTEP_OPS_WEBHOOK_URL", "https://ops.example/in?t=1")
        monkeypatch.setenv("DOORSTEP_OPS_WEBHOOK_SECRET", OPS_SECRET)
        assert load_settings().ops_webhook == OpsWebhook("https://ops.example/in?t=1", OPS_SECRET)

    def test_the_schedule_is_compressed_where_that_is_asked_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOORSTEP_TIME_SCALE", "0.01")
        assert load_settings().retry_schedule.delays_s == pytest.approx((0.3, 1.2, 4.8))

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql+psycopg://doorstep:p%40ss@db:5432/doorstep",
            "postgresql://doorstep@db/doorstep",
        ],
    )
    def test_databases(self, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setenv("DOORSTEP_DATABASE_URL", url)
        assert load_settings().store_url == url

    @pytest.mark.parametrize(
        "url",
        [
            "redis://redis",
            "redis://127.0.0.1:6380/2",
            "redis://doorstep:p%40ss@[::1]:6379/0",
            "rediss://doorstep:pass@redis.example:6379/?ssl_ca_certs=authority.pem",
        ],
    )
    def test_a_redis(self, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setenv("DOORSTEP_REDIS_URL", url)
        kept = load_settings().redis_url
        assert kept is not None
        assert kept.get_secret_value() == url
        pool: Any = Redis.from_url(url).connection_pool
        assert pool.make_connection(), "the client takes every part of it"

    def test_no_redis_is_needed(self) -> None:
        assert load_settings().redis_url is None
        assert load_settings().redis_stream_length == 100_000


class TestTheBrand:
    def test_without_any_it_is_ours(self) -> None:
        assert Settings().brand == Brand()

    def test_a_logo_is_a_file_a_data_address_or_elsewhere(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        file = tmp_path / "logo.png"
        file.write_bytes(a_png())
        data = "data:image/png;base64," + base64.b64encode(a_png()).decode()
        elsewhere = "https://cdn.example.com/logo.png"
        monkeypatch.setenv("DOORSTEP_BRAND_NAME", "Swift Logistics")
        monkeypatch.setenv("DOORSTEP_BRAND_COLOUR", "#FFCC00")
        for value in (str(file), data, elsewhere):
            monkeypatch.setenv("DOORSTEP_BRAND_LOGO", value)
            brand = load_settings().brand
            assert (brand.name, brand.colour) == ("Swift Logistics", "#ffcc00")
            assert (brand.logo is None) == (value == elsewhere)

    @pytest.mark.parametrize("value", ["/nothing/here.png", "http://cdn.example.com/logo.png"])
    def test_a_logo_that_is_none_is_named(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("DOORSTEP_BRAND_LOGO", value)
        with pytest.raises(ConfigurationError, match=r"^DOORSTEP_BRAND_LOGO: "):
            _ = load_settings().brand

    def test_a_frame_needs_tls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        framed = {"DOORSTEP_EMBED_ORIGIN": "https://portal.example.com"}
        assert "DOORSTEP_PUBLIC_URL" in refusal(monkeypatch, **framed)
        monkeypatch.setenv("DOORSTEP_PUBLIC_URL", "https://doorstep.example.com")
        assert load_settings().embed_origin == "https://portal.example.com"


MAIL = {
    "DOORSTEP_SMTP_HOST": "smtp.example.com",
    "DOORSTEP_MAIL_FROM": "tracking@example.com",
    "DOORSTEP_PUBLIC_URL": "https://doorstep.example.com",
}


class TestTheMailServer:
    def test_without_one_there_is_none(self) -> None:
        assert load_settings().mail_server is None

    @pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("implicit", 465)])
    def test_its_port_follows_its_tls(
        self, monkeypatch: pytest.MonkeyPatch, tls: str, port: int
    ) -> None:
        for name, value in {**MAIL, "DOORSTEP_SMTP_TLS": tls}.items():
            monkeypatch.setenv(name, value)
        server = load_settings().mail_server
        assert server is not None
        assert (server.host, server.port, server.tls) == ("smtp.example.com", port, tls)
        assert str(server.sender) == "Doorstep <tracking@example.com>"
        assert (server.username, server.password) == (None, None)

    def test_nothing_of_it_is_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        secret = {"DOORSTEP_SMTP_USERNAME": "marker", "DOORSTEP_SMTP_PASSWORD": "marker"}
        for name, value in (MAIL | secret).items():
            monkeypatch.setenv(name, value)
        server = load_settings().mail_server
        assert server is not None
        assert (server.username, server.password) == ("marker", "marker")
        assert "marker" not in repr(server)

    @pytest.mark.parametrize(
        ("variables", "named"),
        [
            ({"DOORSTEP_SMTP_HOST": "smtp.example.com"}, "DOORSTEP_MAIL_FROM is not set"),
            ({"DOORSTEP_SMTP_PASSWORD": "marker"}, "DOORSTEP_SMTP_USERNAME is not set"),
            ({**MAIL, "DOORSTEP_PUBLIC_URL": ""}, "DOORSTEP_PUBLIC_URL is not set"),
            ({**MAIL, "DOORSTEP_SMTP_TLS": "none"}, "DOORSTEP_SMTP_TLS: none is for"),
        ],
    )
    def test_what_does_not_go_together(
        self, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
    ) -> None:
        said = refusal(monkeypatch, **variables)
        assert said.startswith(named)
        assert "marker" not in said

    def test_this_machine_needs_no_tls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        local = {"DOORSTEP_SMTP_HOST": "127.0.0.1", "DOORSTEP_SMTP_TLS": "none"}
        for name, value in (MAIL | local).items():
            monkeypatch.setenv(name, value)
        server = load_settings().mail_server
        assert server is not None
        assert server.port == 25


class TestWrongOnes:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DOORSTEP_API_PORT", "eighty-marker"),
            ("DOORSTEP_API_PORT", "0"),
            ("DOORSTEP_API_PORT", "65536"),
            ("DOORSTEP_TEMPORAL_PORT", "-7233"),
            ("DOORSTEP_TEMPORAL_UI_PORT", "1.5-marker"),
            ("DOORSTEP_OPERATOR_KEY", "short-marker"),
            ("DOORSTEP_RETRY_DELAYS", "30,marker"),
            ("DOORSTEP_RETRY_DELAYS", "30,-77123"),
            ("DOORSTEP_RETRY_DELAYS", "0"),
            ("DOORSTEP_RETRY_DELAYS", "86401"),
            ("DOORSTEP_RETRY_DELAYS", "nan"),
            ("DOORSTEP_RETRY_DELAYS", ","),
            ("DOORSTEP_RETRY_DELAYS", ",".join(["77123"] * 21)),
            ("DOORSTEP_TIME_SCALE", "0"),
            ("DOORSTEP_TIME_SCALE", "77.123"),
            ("DOORSTEP_ALLOWED_NETWORKS", "127.0.0.1/8"),
            ("DOORSTEP_ALLOWED_NETWORKS", "localhost-marker"),
            ("DOORSTEP_ACTIVITY_SLOTS", "0"),
            ("DOORSTEP_LOG_LEVEL", "loud-marker"),
            ("DOORSTEP_REDIS_STREAM_LENGTH", "999"),
            ("DOORSTEP_REDIS_URL", "marker:6379"),
            ("DOORSTEP_REDIS_URL", "http://marker:6379"),
            ("DOORSTEP_REDIS_URL", "redis://:marker@"),
            ("DOORSTEP_REDIS_URL", "redis://marker:0"),
            ("DOORSTEP_REDIS_URL", "redis://marker:77123"),
            ("DOORSTEP_REDIS_URL", "redis://marker/zero"),
            ("DOORSTEP_REDIS_URL", "redis://marker?ssl_ca_certs=a.pem"),
            ("DOORSTEP_REDIS_URL", "rediss://marker?protocol=7"),
            ("DOORSTEP_REDIS_URL", "redis://[marker"),
            ("DOORSTEP_BRAND_COLOUR", "marker"),
            ("DOORSTEP_BRAND_COLOUR", "#77123"),
            ("DOORSTEP_BRAND_HELP", "javascript:marker"),
            ("DOORSTEP_BRAND_HELP", "mailto:marker"),
            ("DOORSTEP_BRAND_NAME", "marker" * 7),
            ("DOORSTEP_EMBED_ORIGIN", "https://marker.example/portal"),
            ("DOORSTEP_OIDC_ISSUER", "marker.example"),
            ("DOORSTEP_OIDC_ISSUER", "http://marker.example"),
            ("DOORSTEP_OIDC_ISSUER", "https://user:marker@sso.example"),
            ("DOORSTEP_OIDC_ISSUER", "https://sso.example/?x=marker"),
            ("DOORSTEP_OIDC_SCOPES", "marker email"),
            ("DOORSTEP_OIDC_FOR", "marker"),
            ("DOORSTEP_OPS_SIGN_IN", "marker"),
            ("DOORSTEP_PUBLIC_URL", "marker"),
            ("DOORSTEP_PUBLIC_URL", "marker.example"),
            ("DOORSTEP_PUBLIC_URL", "https://:77123"),
            ("DOORSTEP_PUBLIC_URL", "http://marker.example"),
            ("DOORSTEP_PUBLIC_URL", "http://10.77.123.1:8080"),
            ("DOORSTEP_PUBLIC_URL", "ftp://127.0.0.1"),
            ("DOORSTEP_PUBLIC_URL", "https://marker.example/doorstep"),
            ("DOORSTEP_PUBLIC_URL", "https://marker.example//"),
            ("DOORSTEP_PUBLIC_URL", "https://marker.example?x=77123"),
            ("DOORSTEP_PUBLIC_URL", "https://marker.example#77123"),
            ("DOORSTEP_PUBLIC_URL", "https://user:marker@doorstep.example"),
            ("DOORSTEP_PUBLIC_URL", "https://door_step.marker.example"),
            ("DOORSTEP_PUBLIC_URL", "https://marker.example:77123"),
            ("DOORSTEP_PUBLIC_URL", "https://marker.example:0"),
            ("DOORSTEP_PUBLIC_URL", "https://[marker]"),
            ("DOORSTEP_OPS_WEBHOOK_URL", "marker.example"),
            ("DOORSTEP_OPS_WEBHOOK_URL", "https://user:marker@ops.example"),
            ("DOORSTEP_OPS_WEBHOOK_SECRET", "whsec_marker"),
            ("DOORSTEP_OPS_WEBHOOK_SECRET", OPS_SECRET.removeprefix("whsec_")),
            ("DOORSTEP_SMTP_HOST", "smtp://marker"),
            ("DOORSTEP_SMTP_HOST", "marker.example:77123"),
            ("DOORSTEP_SMTP_PORT", "77123"),
            ("DOORSTEP_SMTP_TLS", "marker"),
            ("DOORSTEP_SMTP_TIMEOUT", "61"),
            ("DOORSTEP_SMTP_ANSWER_TIMEOUT", "0"),
            ("DOORSTEP_MAIL_FROM", "marker"),
            ("DOORSTEP_MAIL_FROM", "marker@example.com, other@example.com"),
            ("DOORSTEP_SMS_MOST_PARTS", "0"),
            ("DOORSTEP_SMS_MOST_PARTS", "11"),
            ("DOORSTEP_SMS_LONGEST_VALUE", "9"),
            ("DOORSTEP_SMS_LONGEST_VALUE", "61"),
            ("DOORSTEP_SMS_DAILY_CAP", "0"),
            ("DOORSTEP_SMS_DAILY_CAP", "many-marker"),
            ("DOORSTEP_DATABASE_URL", "marker"),
            ("DOORSTEP_DATABASE_URL", "mysql://root:marker@db/doorstep"),
            ("DOORSTEP_DATABASE_URL", "postgresql+asyncpg://root:marker@db/doorstep"),
            ("DOORSTEP_DATABASE_URL", "postgresql://root:marker@db:port/doorstep"),
        ],
    )
    def test_each_is_named_and_never_shown(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        said = refusal(monkeypatch, **{name: value})
        assert said.startswith(f"{name}: ")
        assert "marker" not in said
        assert "77123" not in said
        assert len(value) < 4 or value not in said

    @pytest.mark.parametrize(
        ("half", "value", "other"),
        [("URL", "https://marker.example/in", "SECRET"), ("SECRET", OPS_SECRET, "URL")],
    )
    def test_half_an_ops_webhook_names_the_other_half(
        self, monkeypatch: pytest.MonkeyPatch, half: str, value: str, other: str
    ) -> None:
        said = refusal(monkeypatch, **{f"DOORSTEP_OPS_WEBHOOK_{half}": value})
        assert said == (
            f"DOORSTEP_OPS_WEBHOOK_{other} is not set: set both DOORSTEP_OPS_WEBHOOK_URL and "
            "DOORSTEP_OPS_WEBHOOK_SECRET, or neither"
        )

    def test_rows_may_not_go_before_what_is_personal_in_them(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = refusal(monkeypatch, DOORSTEP_RETENTION_DAYS="500")
        assert said == (
            "DOORSTEP_ROW_RETENTION_DAYS: 400 days are fewer than the 500 of "
            "DOORSTEP_RETENTION_DAYS, and rows go last"
        )
        monkeypatch.setenv("DOORSTEP_ROW_RETENTION_DAYS", "500")
        assert load_settings().kept_for.rows == load_settings().kept_for.personal

    def test_all_wrong_ones_are_named_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = refusal(
            monkeypatch, DOORSTEP_API_PORT="x", DOORSTEP_TIME_SCALE="y", DOORSTEP_LOG_LEVEL="z"
        )
        for name in ("DOORSTEP_API_PORT: ", "DOORSTEP_TIME_SCALE: ", "DOORSTEP_LOG_LEVEL: "):
            assert name in said


PROVIDER = {
    "DOORSTEP_OIDC_ISSUER": "https://sso.example/realms/ops/",
    "DOORSTEP_OIDC_CLIENT_ID": "doorstep",
    "DOORSTEP_OIDC_CLIENT_SECRET": "a-marker-secret",
    "DOORSTEP_PUBLIC_URL": "https://doorstep.example",
}


class TestTheIdentityProvider:
    def test_with_all_that_it_needs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in PROVIDER.items():
            monkeypatch.setenv(name, value)
        provider = load_settings().identity_provider
        assert provider is not None
        assert provider.issuer == "https://sso.example/realms/ops/", "as it is written"
        assert provider.redirect_uri == (
            "https://doorstep.example/dashboard/sign-in/provider/callback"
        )
        assert (provider.rules.for_ops, provider.rules.for_partners) == (True, False)
        assert "marker" not in repr(provider)

    @pytest.mark.parametrize("missing", PROVIDER)
    def test_half_of_it_names_what_is_missing(
        self, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        given = {name: value for name, value in PROVIDER.items() if name != missing}
        said = refusal(monkeypatch, **given)
        assert missing in said
        assert "marker" not in said

    def test_ops_are_not_left_without_a_way_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = refusal(monkeypatch, DOORSTEP_OPS_SIGN_IN="oidc")
        assert said == "DOORSTEP_OPS_SIGN_IN: set DOORSTEP_OIDC_ISSUER, or use password"

    def test_a_provider_for_nobody_is_a_mistake(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = refusal(monkeypatch, **PROVIDER, DOORSTEP_OPS_SIGN_IN="password")
        assert said.startswith("DOORSTEP_OPS_SIGN_IN: with password nobody signs in")
        monkeypatch.setenv("DOORSTEP_OIDC_FOR", "everyone")
        provider = load_settings().identity_provider
        assert provider is not None
        assert (provider.rules.for_ops, provider.rules.for_partners) == (False, True)


class TestUnknownOnes:
    def test_a_slip_gets_a_hint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = refusal(monkeypatch, DOORSTEP_DATABSE_URL="postgresql://root:marker@db/x")
        assert said == (
            "DOORSTEP_DATABSE_URL is not a setting; did you mean DOORSTEP_DATABASE_URL?"
        )

    def test_without_a_likeness_it_is_only_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = refusal(monkeypatch, DOORSTEP_ZZZ="marker")
        assert said == "DOORSTEP_ZZZ is not a setting"

    def test_other_people_s_variables_are_none_of_ours(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TWILIO_EDGE", "sydney")
        monkeypatch.setenv("TEMPORAL_SOMETHING", "else")
        load_settings()


class TestKubernetes:
    """It gives every pod variables of each Service, under the Service's name in capitals."""

    @staticmethod
    def _service(name: str, port: int) -> dict[str, str]:
        address, prefix = "10.96.7.11", name.upper().replace("-", "_")
        return {
            f"{prefix}_SERVICE_HOST": address,
            f"{prefix}_SERVICE_PORT": str(port),
            f"{prefix}_SERVICE_PORT_HTTP": str(port),
            f"{prefix}_PORT": f"tcp://{address}:{port}",
            f"{prefix}_PORT_{port}_TCP": f"tcp://{address}:{port}",
            f"{prefix}_PORT_{port}_TCP_PROTO": "tcp",
            f"{prefix}_PORT_{port}_TCP_PORT": str(port),
            f"{prefix}_PORT_{port}_TCP_ADDR": address,
        }

    @pytest.mark.parametrize("name", ["doorstep", "doorstep-api", "doorstep-temporal"])
    def test_a_service_of_any_name_changes_nothing(
        self, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        without = load_settings()
        for variable, value in self._service(name, 8443).items():
            monkeypatch.setenv(variable, value)
        assert load_settings() == without

    def test_a_port_that_is_set_is_a_number_still(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for said in ("tcp", "10.96.7.11:80"):
            assert "DOORSTEP_API_PORT" in refusal(monkeypatch, DOORSTEP_API_PORT=said)
        assert "not a setting" in refusal(monkeypatch, DOORSTEP_OTHER_PORT="8080")


class TestTemporal:
    def test_without_an_address_it_is_the_embedded_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOORSTEP_TEMPORAL_PORT", "7999")
        assert temporal_options(load_settings())["target_host"] == "127.0.0.1:7999"

    def test_its_own_variables_are_honoured(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
        monkeypatch.setenv("TEMPORAL_NAMESPACE", "shops")
        options = temporal_options(load_settings())
        assert options["target_host"] == "temporal.example:7233"
        assert options["namespace"] == "shops"

    def test_a_broken_configuration_is_one_line(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        broken = tmp_path / "temporal.toml"
        broken.write_text("this is = = not toml")
        monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(broken))
        with pytest.raises(ConfigurationError, match="TEMPORAL_") as caught:
            temporal_options(load_settings())
        assert caught.value.__suppress_context__


COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}


class TestTraces:
    @pytest.mark.parametrize(
        ("variables", "wanted"),
        [
            ({}, False),
            ({"OTEL_SERVICE_NAME": "doorstep"}, False),
            ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
            (COLLECTOR, True),
            ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://collector/v1/traces"}, True),
            ({**COLLECTOR, "OTEL_TRACES_EXPORTER": "none"}, False),
            ({**COLLECTOR, "OTEL_TRACES_EXPORTER": "otlp"}, True),
            ({**COLLECTOR, "OTEL_SDK_DISABLED": "True"}, False),
            ({**COLLECTOR, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
        ],
    )
    def test_are_wanted_where_a_collector_is_named(
        self, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, wanted: bool
    ) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert traces_wanted() is wanted

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("OTEL_TRACES_EXPORTER", "zipkin"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector/?token=hunter2"),
        ],
    )
    def test_what_we_cannot_do_is_one_line(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        for each, given in {**COLLECTOR, name: value}.items():
            monkeypatch.setenv(each, given)
        with pytest.raises(ConfigurationError, match=name) as caught:
            traces_wanted()
        assert "hunter2" not in str(caught.value)
