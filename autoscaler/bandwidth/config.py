"""The providers that whoever runs the operator has set up: addresses and secrets stay here."""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError

from autoscaler.errors import SpecError
from autoscaler.resources.bounds import refusal
from autoscaler.resources.common import Part
from autoscaler.resources.documents import read_documents
from autoscaler.resources.scalars import Identifier


def _encrypted(url: str) -> str:
    """Refuse an address at which a token would travel in the open; loopback stays on the host."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.query or parts.fragment or parts.username is not None:
        raise refusal("must be an address such as https://bandwidth.example.com, and no more")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host)):
        raise refusal("must begin with https://")
    return url.rstrip("/")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class HTTPEndpoint(Part):
    """One provider: where it answers and how the operator identifies itself."""

    name: Identifier
    """What links call it: `spec.provider.http.name`."""
    url: Annotated[str, Field(strict=True, max_length=2048), AfterValidator(_encrypted)]
    """Where it answers; https, except on the same host."""
    token_file: Annotated[str, Field(strict=True, min_length=1, max_length=4096)]
    """File with the bearer token, read anew for each request: it may be rotated."""
    ca_file: Annotated[str, Field(strict=True, min_length=1, max_length=4096)] | None = None
    """Certificate authority of the provider; by default those that are commonly trusted."""
    timeout_seconds: Annotated[int, Field(strict=True, ge=1, le=60)] = 10
    """How long an answer may take; nothing is tried twice."""


class _Endpoints(Part):
    providers: Annotated[tuple[HTTPEndpoint, ...], Field(max_length=100)] = ()


def load_endpoints(path: Path) -> Mapping[str, HTTPEndpoint]:
    """Read the providers by name. Raises SpecError for a file that makes no sense."""
    try:
        documents = list(read_documents(path.read_text(encoding="utf-8"), source=str(path)))
    except (OSError, UnicodeDecodeError) as error:
        message = f"--bandwidth-providers {path}: {error}: must be a YAML file that can be read"
        raise SpecError(message) from error
    if len(documents) > 1:
        raise SpecError(f"{path}: must be one document, with a list named providers")
    try:
        read = _Endpoints.model_validate(documents[0] if documents else {}, by_name=False)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        field = ".".join(str(step) for step in detail["loc"]) or "the document"
        raise SpecError(f"{path}: {field} is {detail['input']!r}: {detail['msg']}") from None
    found: dict[str, HTTPEndpoint] = {}
    for one in read.providers:
        if one.name in found:
            raise SpecError(f"{path}: provider {one.name} comes twice: give one of them a new name")
        found[one.name] = one
    return found
