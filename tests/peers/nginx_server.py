"""Debian's nginx as a child process, with TLS, before an application that counts what it gets."""

import asyncio
import shutil
import signal
import ssl
from collections import Counter
from pathlib import Path

import httpx

from sandbox.tls import LocalAuthority
from tests.support.waiting import eventually

_CONFIG = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {limits}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.key;
        location / {{ proxy_pass http://127.0.0.1:{upstream}; }}
    }}
}}
"""


def program(name: str, package: str) -> str:
    """The path of a program; fails with the name of the Debian package that brings it."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    assert path is not None, f"{name} is not installed: apt-get install {package}"
    return path


class CountingApp:
    """An application that counts each `webhook-id` and answers 200 after `pause_s` seconds."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.received: Counter[str] = Counter()
        self._pause_s = pause_s
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> int:
        """Listen on 127.0.0.1; gives the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Stop and drop every connection."""
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fields = dict(
                    line.lower().split(": ", 1) for line in head.decode().splitlines()[1:] if line
                )
                await reader.readexactly(int(fields["content-length"]))
                self.received[fields["webhook-id"]] += 1
                await asyncio.sleep(self._pause_s)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class Nginx:
    """One nginx over TLS on 127.0.0.1, with these `limits` in its http section."""

    def __init__(self, folder: Path, port: int, upstream: int, limits: str = "") -> None:
        self.url = f"https://127.0.0.1:{port}/hook"
        self.ca_file = folder / "ca.pem"
        self._folder = folder
        certificate = LocalAuthority(self.ca_file).issue()
        (folder / "server.pem").write_bytes(certificate.certificate_pem)
        (folder / "server.key").write_bytes(certificate.key_pem)
        (folder / "nginx.conf").write_text(
            _CONFIG.format(folder=folder, port=port, upstream=upstream, limits=limits)
        )
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = await asyncio.create_subprocess_exec(
            *(program("nginx", "nginx-light"), "-p", str(self._folder)),
            *("-e", str(self._folder / "error.log"), "-c", str(self._folder / "nginx.conf")),
        )
        context = ssl.create_default_context(cafile=str(self.ca_file))
        port = httpx.URL(self.url).port

        async def shakes_hands() -> bool:
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
            writer.close()
            return True

        await eventually(shakes_hands, ignoring=OSError)

    def reload(self) -> None:
        """Start new workers and let the old ones end, as a deploy does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    async def stop(self) -> None:
        """End it."""
        assert self._process is not None
        self._process.terminate()
        await self._process.wait()
