"""The certificate authorities that partners' endpoints may use: the system's, and a file's."""

import os
import re
import ssl
from pathlib import Path

from contracts.errors import ConfigurationError

_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""How OpenSSL finds a certificate in a folder, which it does not read before it needs one."""


def trusted_context(ca_file: str | None) -> ssl.SSLContext:
    """A TLS context for requests to partners. ConfigurationError when `ca_file` cannot be used, or
    without it when the system has no authority: then every https endpoint would fail."""
    context = ssl.create_default_context()
    if ca_file is not None:
        _add(context, ca_file)
    elif authorities(context) == 0:
        raise ConfigurationError(
            "this system trusts no certificate authority, so no https endpoint could be reached: "
            "install ca-certificates, correct SSL_CERT_FILE and SSL_CERT_DIR, or set "
            "DOORSTEP_CA_FILE"
        )
    return context


def authorities(context: ssl.SSLContext) -> int:
    """How many authorities it trusts, those in OpenSSL's folder included."""
    return context.cert_store_stats()["x509_ca"] + _in_folders()


def _add(context: ssl.SSLContext, ca_file: str) -> None:
    try:
        context.load_verify_locations(ca_file)
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"DOORSTEP_CA_FILE: {ca_file} holds no certificate in PEM form"
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"DOORSTEP_CA_FILE: {ca_file} cannot be read ({error.strerror}): correct the path"
        ) from error


def _in_folders() -> int:
    """How many lie in OpenSSL's folders: those of SSL_CERT_DIR, or its own."""
    paths = ssl.get_default_verify_paths()
    folders = os.environ.get(paths.openssl_capath_env, paths.openssl_capath).split(os.pathsep)
    files = (one for folder in folders if folder for one in Path(folder).glob("*"))
    return sum(1 for one in files if _HASHED_NAME.fullmatch(one.name))
