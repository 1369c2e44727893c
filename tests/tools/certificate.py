"""A certificate for tests, made when they run: no key stands in the repository.

The library that makes it is part of the environment of the programs that run beside ours.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tools.peers import peer

if TYPE_CHECKING:
    from pathlib import Path

MAKING = """
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, sys.argv[1])])
now = datetime.datetime.now(datetime.timezone.utc)
made = (
    x509.CertificateBuilder()
    .subject_name(name)
    .issuer_name(name)
    .public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - datetime.timedelta(days=1))
    .not_valid_after(now + datetime.timedelta(days=1))
    .add_extension(x509.SubjectAlternativeName([x509.DNSName(sys.argv[1])]), critical=False)
    .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    .sign(key, hashes.SHA256())
)
pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
sys.stdout.buffer.write(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
sys.stdout.buffer.write(made.public_bytes(pem))
"""


def make_certificate(name: str, path: Path) -> Path:
    """Write a key and a certificate for ``name`` that signs itself to ``path``; it holds for a day."""
    made = subprocess.run([peer("python"), "-c", MAKING, name], capture_output=True, check=True)
    path.write_bytes(made.stdout)
    return path
