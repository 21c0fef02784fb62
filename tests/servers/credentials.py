"""Keys, tokens and kubeconfig files of one control plane, made without any other program."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import yaml

# RFC 5915: an EC private key of the curve P-256 without its public half is its number between
# these bytes; the API server works out the rest.
_BEFORE_NUMBER = bytes.fromhex("30310201010420")
_AFTER_NUMBER = bytes.fromhex("a00a06082a8648ce3d030107")


def write_signing_key(file: Path) -> None:
    """Write a fresh key with which the API server signs ServiceAccount tokens."""
    number = (secrets.randbelow(2**255) + 1).to_bytes(32, "big")
    body = base64.encodebytes(_BEFORE_NUMBER + number + _AFTER_NUMBER).decode()
    file.write_text(f"-----BEGIN EC PRIVATE KEY-----\n{body}-----END EC PRIVATE KEY-----\n")
    file.chmod(0o600)


def write_admin_token(file: Path) -> str:
    """Write the API server's token file with one user, who may do everything; return its token."""
    token = secrets.token_urlsafe(24)
    file.write_text(f'{token},admin,admin,"system:masters"\n')
    file.chmod(0o600)
    return token


def write_kubeconfig(file: Path, *, url: str, ca_file: Path, token: str) -> Path:
    """Write a kubeconfig with one context."""
    cluster = {"server": url, "certificate-authority": str(ca_file)}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "plane", "cluster": cluster}],
        "users": [{"name": "user", "user": {"token": token}}],
        "contexts": [{"name": "plane", "context": {"cluster": "plane", "user": "user"}}],
        "current-context": "plane",
    }
    file.write_text(yaml.safe_dump(config))
    file.chmod(0o600)
    return file
