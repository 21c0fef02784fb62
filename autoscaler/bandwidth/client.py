"""One request to one provider: bounded in time and size, never repeated, never redirected."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests
from pydantic import ValidationError
from requests.auth import AuthBase

from autoscaler.bandwidth.config import HTTPEndpoint
from autoscaler.bandwidth.messages import Problem
from autoscaler.errors import BandwidthError, OrderConflictError, OrderRefusedError

CONNECT_SECONDS = 3.0
MOST_BYTES = 65_536
LONGEST_PAUSE = 600.0
"""However long a provider asks to be left alone."""
BUSY = (429, 503)
CONFLICT = (409, 412)
NO = (400, 403, 422)
"""A provider that understood and does not want to. Anything else is its trouble, or ours."""


class ProviderClient:
    """JSON out, JSON in; raises BandwidthError, and its two kinds for what is said to an order."""

    def __init__(self, endpoint: HTTPEndpoint, *, monotonic: Callable[[], float]) -> None:
        self._endpoint = endpoint
        self._monotonic = monotonic
        self._quiet_until = 0.0
        self._session = requests.Session()
        self._session.trust_env = False  # neither a netrc nor a proxy of the environment
        self._session.verify = endpoint.ca_file or True

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return what the provider answers."""
        called, seconds = f"provider {self._endpoint.name}", self._endpoint.timeout_seconds
        left = self._quiet_until - self._monotonic()
        if left > 0.0:
            raise BandwidthError(f"{called} asked not to be asked for another {left:.0f} s")
        began = self._monotonic()
        try:
            with self._session.request(
                method,
                self._endpoint.url + path,
                json=body,
                headers={"Accept": "application/json", **(headers or {})},
                auth=_Bearer(_token(self._endpoint)),
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                text = self._text(response, until=began + seconds, called=called)
                return self._answer(response, text, called=called)
        except requests.Timeout:
            raise BandwidthError(f"{called} did not answer within {seconds} s") from None
        except (requests.RequestException, OSError) as error:
            raise BandwidthError(f"{called} cannot be reached: {_cause(error)}") from None

    def _text(self, response: requests.Response, *, until: float, called: str) -> bytes:
        """Read the body piece by piece, for no longer than an answer may take."""
        found = b""
        while piece := response.raw.read1(MOST_BYTES, decode_content=True):
            found += piece
            if len(found) > MOST_BYTES:
                raise BandwidthError(f"{called} answers more than {MOST_BYTES} bytes")
            if self._monotonic() > until:
                raise requests.ReadTimeout
        return found

    def _answer(self, response: requests.Response, text: bytes, *, called: str) -> Any:
        status = response.status_code
        if status in BUSY:
            self._quiet_until = self._monotonic() + _pause(response)
        if status not in (200, 201, 202):
            message = f"{called} answers {status}: {_why(text) or response.reason}"
            if status in CONFLICT:
                raise OrderConflictError(message)
            if status in NO:
                raise OrderRefusedError(message)
            raise BandwidthError(message)
        try:
            return json.loads(text)
        except ValueError:
            raise BandwidthError(f"{called} does not answer with JSON") from None


class _Bearer(AuthBase):
    """Sets the one header, whatever else the library would find."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _token(endpoint: HTTPEndpoint) -> str:
    try:
        token = Path(endpoint.token_file).read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        message = f"tokenFile of provider {endpoint.name}: {error}: must hold its bearer token"
        raise BandwidthError(message) from None
    if not token or not token.isprintable():
        raise BandwidthError(f"tokenFile of provider {endpoint.name} must hold one line of text")
    return token


def _pause(response: requests.Response) -> float:
    """Return how long to leave a busy provider alone: what it says in seconds, within bounds."""
    said = response.headers.get("Retry-After", "")
    return min(float(said), LONGEST_PAUSE) if said.isascii() and said.isdigit() else 0.0


def _why(text: bytes) -> str:
    """Return a problem's own words (RFC 9457); empty where there are none."""
    try:
        problem = Problem.model_validate_json(text, by_name=False, by_alias=True)
    except ValidationError:
        return ""
    return ": ".join(part for part in (problem.title, problem.detail) if part)


def _cause(error: BaseException) -> str:
    """Return the innermost message: the outer ones only repeat address and path."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__
