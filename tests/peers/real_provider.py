"""`oidc-provider` of npm, as people run it: with its own pages to sign in, and a clock that a test
sets."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from commands.ports import free_ports
from tests.support.programs import find_program, running
from tests.support.provider_browser import HOME

HERE = Path(__file__).parent / "oidc"
CALLBACK = "/dashboard/sign-in/provider/callback"
SECRET = "the secret of a client of the tests"
ELSEWHERE = "http://127.0.0.1:1/of-another-client"
SCOPES = "openid email profile groups"

PEOPLE = {
    "asha": {
        "email": "asha@ops.example",
        "email_verified": True,
        "name": "Asha Rao",
        "groups": ["staff", "doorstep-ops"],
    },
    "ravi": {"email": "ravi@ops.example", "email_verified": True, "name": "Ravi", "groups": []},
    "mallory": {"email": "asha@ops.example", "email_verified": False, "name": "Asha Rao"},
}
"""By the name that they sign in with there; any password does."""


async def installed(folder: Path) -> Path:
    """The provider as it is locked, in a folder of the test's."""
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("node_modules"))
    npm = [find_program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    process = await asyncio.create_subprocess_exec(*npm, cwd=folder)
    assert await process.wait() == 0
    return folder


def keys() -> KeySet:
    """New ones, one for each algorithm that the clients of the tests ask for."""
    return KeySet(
        [
            RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True),
            ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True),
            OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True),
        ]
    )


def client(client_id: str, redirect_uri: str, **more: Any) -> dict[str, Any]:
    """How the provider knows an application."""
    return {
        "client_id": client_id,
        "client_secret": SECRET,
        "redirect_uris": [redirect_uri],
        **more,
    }


CLIENTS = (
    client("doorstep", f"{HOME}{CALLBACK}"),
    client("another", ELSEWHERE),
    *(
        client(f"doorstep-{algorithm}", f"{HOME}{CALLBACK}", id_token_signed_response_alg=algorithm)
        for algorithm in ("PS256", "ES256", "Ed25519")
    ),
    client("doorstep-post", f"{HOME}{CALLBACK}", token_endpoint_auth_method="client_secret_post"),
)


@dataclass
class RealProvider:
    """A provider that runs, and somebody in front of it."""

    issuer: str
    folder: Path
    port: int
    person: str = "asha"
    clients: Sequence[Mapping[str, Any]] = CLIENTS
    published: KeySet = field(default_factory=keys)

    @asynccontextmanager
    async def up(self) -> AsyncIterator["RealProvider"]:
        """Run it, until the context ends."""
        given = {
            "issuer": self.issuer,
            "people": PEOPLE,
            "clients": self.clients,
            "jwks": self.published.as_dict(private=True),
        }
        command = [find_program("node"), "provider.mjs", str(self.port), json.dumps(given)]
        with running(command, self.port, self.folder):
            yield self

    async def clock_off(self, seconds: int) -> None:
        """Let its clock go wrong by so much."""
        async with httpx.AsyncClient() as http:
            await http.put(f"{self.issuer}/clock?{seconds}")

    async def sign_in(self, address: str) -> str:
        """Sign in with its pages, and agree; gives where the browser is sent back to."""
        async with httpx.AsyncClient() as http:
            page = await _on(http, await http.get(address))
            fields = {"prompt": "login", "login": self.person, "password": "any"}
            page = await _on(http, await http.post(page.url, data=fields))
            back = await _on(http, await http.post(page.url, data={"prompt": "consent"}))
            return str(back.headers["location"])

    async def go_back(self, address: str) -> str:
        """Press Cancel on its page; gives where the browser is sent back to."""
        async with httpx.AsyncClient() as http:
            page = await _on(http, await http.get(address))
            back = await _on(http, await http.get(f"{page.url}/abort"))
            return str(back.headers["location"])

    async def token_for(self, client_id: str, redirect_uri: str, nonce: str) -> str:
        """An ID token that it gives to an application for the person who is in front of it."""
        asked = {
            "client_id": client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "nonce": nonce,
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method": "S256",
        }
        back = await self.sign_in(str(httpx.URL(f"{self.issuer}/auth", params=asked)))
        fields = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(back).query)["code"][0],
            "redirect_uri": redirect_uri,
            "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        }
        async with httpx.AsyncClient(auth=(client_id, SECRET.replace(" ", "+"))) as http:
            answer = await http.post(f"{self.issuer}/token", data=fields)
        return str(answer.json()["id_token"])


async def new_provider(folder: Path) -> RealProvider:
    """One that does not run yet."""
    [port] = free_ports(1)
    return RealProvider(f"http://127.0.0.1:{port}", folder, port)


async def _on(http: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    """Follow it, for as long as it leads on at the provider."""
    while answer.is_redirect:
        to = answer.url.join(answer.headers["location"])
        if to.netloc != answer.url.netloc:
            return answer
        answer = await http.get(to)
    assert answer.status_code == 200, answer.text
    return answer
