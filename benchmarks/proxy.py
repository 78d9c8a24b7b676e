"""nginx before Temporal: it passes every call on, or answers itself, as a namespace that fails over
and a proxy with a wrong route do."""

import base64
import os
import shutil
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from temporalio.api.common.v1 import GrpcStatus
from temporalio.api.errordetails.v1 import NamespaceNotActiveFailure, NamespaceNotFoundFailure
from temporalio.service import RPCStatusCode

from benchmarks.process import Command
from commands.ports import LOOPBACK

_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_NOT_THERE = "nginx is not installed, and the proxy before Temporal is one: apt-get install nginx"

# One process, so that none outlives the one that is killed with its parent.
_CONFIG = """
daemon off;
master_process off;
pid {folder}/proxy.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/proxy-body;
    proxy_temp_path {folder}/proxy-proxy;
    fastcgi_temp_path {folder}/proxy-fastcgi;
    uwsgi_temp_path {folder}/proxy-uwsgi;
    scgi_temp_path {folder}/proxy-scgi;
    upstream temporal {{ server {upstream}; keepalive 64; }}
    server {{
        listen {host}:{port} http2;
        client_max_body_size 0;
        location / {{ {answer} }}
    }}
}}
"""
_PASS_ON = "grpc_pass grpc://temporal; grpc_read_timeout 300s; grpc_send_timeout 300s;"


class NoProxy(Exception):
    """There is no nginx here."""


@dataclass(frozen=True)
class Refusal:
    """An answer of gRPC without a message: a status, words, and details as Temporal sends them."""

    status: RPCStatusCode
    words: str
    details: GrpcStatus | None = None

    def as_nginx(self) -> str:
        """The answer as nginx's directives."""
        headers = {"grpc-status": str(self.status.value), "grpc-message": self.words}
        if self.details is not None:
            sealed = base64.b64encode(self.details.SerializeToString()).decode()
            headers["grpc-status-details-bin"] = sealed.rstrip("=")
        lines = [f'add_header {name} "{value}";' for name, value in headers.items()]
        return " ".join(["default_type application/grpc;", *lines, "return 200;"])


def _not_active() -> Refusal:
    words = "Namespace: default is active in cluster: other, while current cluster here is standby."
    failure = NamespaceNotActiveFailure(
        namespace="default", current_cluster="here", active_cluster="other"
    )
    details = GrpcStatus(code=RPCStatusCode.FAILED_PRECONDITION.value, message=words)
    details.details.add().Pack(failure)
    return Refusal(RPCStatusCode.FAILED_PRECONDITION, words, details)


def _not_found() -> Refusal:
    words = "Namespace default is not found."
    details = GrpcStatus(code=RPCStatusCode.NOT_FOUND.value, message=words)
    details.details.add().Pack(NamespaceNotFoundFailure(namespace="default"))
    return Refusal(RPCStatusCode.NOT_FOUND, words, details)


class Answer(Enum):
    """What the proxy answers to every call: directives of nginx."""

    PASSED_ON = _PASS_ON
    NOT_ACTIVE = _not_active().as_nginx()
    NOT_FOUND = _not_found().as_nginx()
    HANDOVER = Refusal(
        RPCStatusCode.UNAVAILABLE, "Namespace replication in Handover state"
    ).as_nginx()
    NO_ROUTE = Refusal(RPCStatusCode.UNIMPLEMENTED, "").as_nginx()
    """As Envoy and cloud load balancers write a 404 to a call of gRPC."""
    NO_ROUTE_PAGE = "return 404;"
    """As nginx writes it: a page of HTML."""
    BAD_GATEWAY = "return 502;"

    @property
    def in_words(self) -> str:
        """For tables."""
        return self.name.lower().replace("_", " ")


@dataclass
class Proxy:
    """nginx on a port of this machine, as a command that `answer` changes at its next start."""

    folder: Path
    port: int
    upstream: str
    program: str
    answer: Answer = field(default=Answer.PASSED_ON)

    @property
    def address(self) -> str:
        """Where Temporal seems to be."""
        return f"{LOOPBACK}:{self.port}"

    def command(self, name: str) -> Command:
        """How it is started: with the answer of that moment."""
        words = [self.program, "-p", str(self.folder), "-c", str(self._file), "-e", "stderr"]
        return Command(name, words, prepare=self._write)

    @property
    def _file(self) -> Path:
        return self.folder / "proxy.conf"

    def _write(self) -> None:
        self._file.write_text(
            _CONFIG.format(
                folder=self.folder,
                upstream=self.upstream,
                host=LOOPBACK,
                port=self.port,
                answer=self.answer.value,
            ),
            encoding="ascii",
        )


def find_nginx(path: str | None = None) -> str:
    """Where nginx is, on the PATH or where Debian puts servers. NoProxy says what to install."""
    found = shutil.which("nginx", path=path or os.pathsep.join([os.environ["PATH"], *_FOLDERS]))
    if found is None:
        raise NoProxy(_NOT_THERE)
    return found
