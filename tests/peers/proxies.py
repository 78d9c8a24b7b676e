"""nginx and HAProxy in front of the API, with the files of deploy/ but for addresses and TLS."""

import getpass
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commands.ports import free_ports
from tests.deployment.deployment_files import ROOT
from tests.support.programs import running

_NGINX = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    gzip on;
    gzip_types application/json;
    gzip_proxied any;
    gzip_min_length 20;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/doorstep.conf;
}}
"""
_TLS_OF_NGINX = re.compile(r"^ *ssl_.*\n", re.MULTILINE)


@contextmanager
def nginx_before(api: int, program: str, folder: Path) -> Iterator[int]:
    """nginx before the API on this port; gives the port of nginx."""
    [port] = free_ports(1)
    ours = _TLS_OF_NGINX.sub("", (ROOT / "deploy/nginx/doorstep.conf").read_text())
    _write(
        folder / "doorstep.conf",
        ours,
        {"127.0.0.1:8080": f"127.0.0.1:{api}", "listen 443 ssl": f"listen 127.0.0.1:{port}"},
    )
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(_NGINX.format(folder=folder, user=user))
    command = [program, "-p", str(folder), "-c", str(file), "-e", "stderr"]
    with running(command, port, folder):
        yield port


@contextmanager
def haproxy_before(api: int, program: str, folder: Path) -> Iterator[int]:
    """HAProxy before the API on this port; gives the port of HAProxy."""
    [port] = free_ports(1)
    file = folder / "haproxy.cfg"
    _write(
        file,
        (ROOT / "deploy/haproxy/haproxy.cfg").read_text(),
        {
            "127.0.0.1:8080": f"127.0.0.1:{api}",
            "bind :443 ssl crt /etc/ssl/doorstep.pem": f"bind 127.0.0.1:{port}",
        },
    )
    with running([program, "-db", "-f", str(file)], port, folder):
        yield port


def _write(file: Path, text: str, replaced: dict[str, str]) -> None:
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
