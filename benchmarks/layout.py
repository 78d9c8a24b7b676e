"""What a rig consists of, where everything in it listens, and what its processes are told."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.engine.engine import INNER_PORTS
from benchmarks.ports import lasting_ports
from benchmarks.proxy import Proxy
from commands.ports import LOOPBACK
from contracts.payload.signature import new_secret
from sandbox.partners import Endpoint, Partner
from sandbox.twilio import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from store.encryption.keyring import new_key

TEMPORAL, POSTGRES, WORKER, API = "temporal", "postgresql", "worker", "api"
MERCHANT, TWILIO, FLOOR, BARE_API = "merchant", "twilio", "floor", "bare_api"
PROXY, OMS = "proxy", "oms"


@dataclass(frozen=True)
class Setup:
    """What a rig consists of. `merchants` are endpoints by the name of the process they share; an
    endpoint OMS, of nobody's, takes instructions.

    Without workers there is no Temporal either; the API answers what needs none. `beside` is what
    the product is compared with: FLOOR, the empty workflows, or BARE_API.
    """

    partners: Sequence[Partner] = ()
    merchants: Mapping[str, Sequence[Endpoint]] = field(default_factory=dict)
    apis: int = 1
    workers: int = 1
    twilio: bool = False
    beside: str | None = None
    nginx: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_one_merchant(cls, partner_id: str, beside: str) -> "Setup":
        """One partner with one endpoint that is well."""
        endpoint = Endpoint(MERCHANT)
        partner = Partner(partner_id, endpoints=[endpoint])
        return cls([partner], {MERCHANT: [endpoint]}, beside=beside)


class Layout:
    """Ports, addresses and keys of one run."""

    def __init__(self, setup: Setup, folder: Path) -> None:
        self.setup, self.folder = setup, folder
        self.key, self.oms_secret = secrets.token_urlsafe(24), new_secret()
        names = [one.name for theirs in setup.merchants.values() for one in theirs]
        ports = lasting_ports(6 + INNER_PORTS + setup.apis + len(names))
        self._temporal, self._ui, self._postgres, self.twilio_port, self.bare_port = ports[:5]
        self._proxy, *ports = ports[5:]
        self.engine_ports, others = ports[:INNER_PORTS], ports[INNER_PORTS:]
        self.api_ports = others[: setup.apis]
        self.merchant_ports = dict(zip(names, others[setup.apis :], strict=True))
        self.proxy = self._before_temporal(setup.nginx)

    def _before_temporal(self, nginx: str | None) -> Proxy | None:
        if nginx is None:
            return None
        return Proxy(self.folder, self._proxy, f"{LOOPBACK}:{self._temporal}", nginx)

    @property
    def api_urls(self) -> list[str]:
        """Every API."""
        return [f"http://{LOOPBACK}:{port}" for port in self.api_ports]

    @property
    def twilio_url(self) -> str:
        """The sandbox Twilio."""
        return f"http://{LOOPBACK}:{self.twilio_port}"

    @property
    def origins(self) -> dict[str, str]:
        """The merchants, by their endpoints' names."""
        return {name: f"http://{LOOPBACK}:{port}" for name, port in self.merchant_ports.items()}

    @property
    def listening(self) -> list[int]:
        """Every port that something of the setup listens on by itself."""
        optional = {self.twilio_port: self.setup.twilio}
        optional[self.bare_port] = self.setup.beside == BARE_API
        others = [port for port, there in optional.items() if there]
        return [*self.merchant_ports.values(), *self.api_ports, *others]

    def journal(self, merchants: str = MERCHANT) -> Path:
        """Where a process of merchants writes down what they receive."""
        return self.folder / f"{merchants}.jsonl"

    def environment(self) -> dict[str, str]:
        """What this process and all of its children are told."""
        texts = {
            "TWILIO_ACCOUNT_SID": DEFAULT_ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": DEFAULT_AUTH_TOKEN,
            "TWILIO_SENDER": "+15005550006",
            "TWILIO_BASE_URL": self.twilio_url,
        }
        return {
            "DOORSTEP_DATA_DIR": str(self.folder),
            "DOORSTEP_OPERATOR_KEY": self.key,
            "DOORSTEP_ENCRYPTION_KEYS": new_key().as_setting(),
            "DOORSTEP_API_PORT": str(self.api_ports[0]),
            "DOORSTEP_POSTGRES_PORT": str(self._postgres),
            "DOORSTEP_TEMPORAL_PORT": str(self._temporal),
            "DOORSTEP_TEMPORAL_UI_PORT": str(self._ui),
            "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
            **(texts if self.setup.twilio else {}),
            **(self._oms() if OMS in self.merchant_ports else {}),
            **self.setup.settings,
        }

    def _oms(self) -> dict[str, str]:
        return {
            "DOORSTEP_OMS_WEBHOOK_URL": f"{self.origins[OMS]}/instructions",
            "DOORSTEP_OMS_WEBHOOK_SECRET": self.oms_secret,
        }


def numbered(kind: str, count: int) -> list[str]:
    """The names of so many processes of a kind: `api`, or `api-1`, `api-2`."""
    return [kind] if count == 1 else [f"{kind}-{number}" for number in range(1, count + 1)]
