"""The certificates that this machine trusts, in a form that Java reads.

A Java from a package other than the system's brings a list of its own, without the authority that
a company's proxy signs with, while Python and pip know that authority and work.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import struct
import time
from pathlib import Path

PASSWORD = "changeit"  # Java's customary one: it guards against accidents, there is no secret
_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")
_USUAL_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS
)


def certificates() -> list[bytes]:
    """The trusted certificates (DER), from the first bundle there is; empty without one."""
    named = (os.environ.get(variable) for variable in _VARIABLES)
    for bundle in (*filter(None, named), *_USUAL_FILES):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cafile=bundle)
        except OSError:  # absent, unreadable, or (ssl.SSLError is one) not a bundle
            continue
        return context.get_ca_certs(binary_form=True)
    return []


def write_trust_store(file: Path, trusted: list[bytes]) -> None:
    """Write certificates as a Java key store (the format "JKS", version 2).

    Numbers are big-endian. A header, an entry for each certificate (kind 2: trusted; alias; time
    in milliseconds; "X.509"; length and bytes), and a digest salted with the password.
    """
    now = int(time.time() * 1000)
    parts = [struct.pack(">III", 0xFEEDFEED, 2, len(trusted))]
    for number, certificate in enumerate(trusted):
        parts.append(struct.pack(">I", 2) + _text(f"ca{number}") + struct.pack(">Q", now))
        parts.append(_text("X.509") + struct.pack(">I", len(certificate)) + certificate)
    body = b"".join(parts)
    salt = PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite"
    file.write_bytes(body + hashlib.sha1(salt + body, usedforsecurity=False).digest())


def _text(value: str) -> bytes:
    return struct.pack(">H", len(value)) + value.encode("ascii")
