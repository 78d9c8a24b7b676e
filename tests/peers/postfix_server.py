"""Postfix, as Debian packages it: a mail server that wants STARTTLS and a password, and delivers to
folders of its own."""

import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commands.ports import free_ports
from sandbox.tls import LocalAuthority
from tests.support.programs import find_program, running

USER, PASSWORD = "doorstep", "a password, with spaces"
DOMAIN, REALM = "chaipoint.example", "mail.example"
PEOPLE = ("priya", "asha")

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mail.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = {realm}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""
_MASTER = """
{port}    inet  n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
error     unix  - - n - - error
retry     unix  - - n - - error
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""
_SASL = """
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {folder}/sasldb2
mech_list: PLAIN LOGIN
"""


@dataclass(frozen=True)
class Postfix:
    """Where it listens, who vouches for it, and where it delivers to."""

    port: int
    ca_file: Path
    folder: Path

    def delivered(self, person: str) -> list[bytes]:
        """What somebody has in their box."""
        box = self.folder / "boxes" / person / "new"
        return [one.read_bytes() for one in sorted(box.glob("*"))]

    def log(self) -> str:
        """What it says of what it does."""
        return (self.folder / "log").read_text()


@contextmanager
def postfix() -> Iterator[Postfix]:
    """Run it, as root, in a folder that its own users may enter."""
    program, [port] = find_program("postfix"), free_ports(1)
    folder = Path(tempfile.mkdtemp(prefix="doorstep-postfix-"))
    try:
        folder.chmod(0o755)
        authority = LocalAuthority(folder / "ca.pem")
        _prepare(folder, port, authority)
        with running([program, "-c", str(folder / "etc"), "start-fg"], port, folder):
            yield Postfix(port, authority.ca_file, folder)
            subprocess.run([program, "-c", str(folder / "etc"), "stop"], check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, port: int, authority: LocalAuthority) -> None:
    owner = pwd.getpwnam("postfix")
    for name in ("etc", "etc/sasl", "queue", "data", "boxes"):
        (folder / name).mkdir()
    for name in ("data", "boxes"):
        shutil.chown(folder / name, owner.pw_uid, owner.pw_gid)
    certificate = authority.issue()
    (folder / "server.pem").write_bytes(certificate.certificate_pem)
    (folder / "server.key").write_bytes(certificate.key_pem)
    boxes = ", ".join(f"{{ {one}@{DOMAIN} = {one}/ }}" for one in PEOPLE)
    said = {"folder": folder, "port": port, "domain": DOMAIN, "realm": REALM, "boxes": boxes}
    said |= {"uid": owner.pw_uid, "gid": owner.pw_gid}
    for file, text in (
        ("etc/main.cf", _MAIN),
        ("etc/master.cf", _MASTER),
        ("etc/sasl/smtpd.conf", _SASL),
    ):
        (folder / file).write_text(text.format(**said).lstrip())
    _let_in(folder, owner.pw_gid)


def _let_in(folder: Path, group: int) -> None:
    """Keep the user's password where Postfix reads it."""
    database = folder / "sasldb2"
    command = [find_program("saslpasswd2"), "-p", "-c", "-f", str(database), "-u", REALM, USER]
    subprocess.run(command, input=PASSWORD.encode(), check=True)
    shutil.chown(database, group=group)
    database.chmod(0o640)
