"""One connection to the API server: paths in, JSON out, every failure one of ours.

The dynamic client's `request` is used without its discovery, and without its objects: a LIST of
1,000 pools costs 0.24 s as JSON and four times that as objects. Retries are off (urllib3 would
silently multiply every timeout), every request has a timeout, and what is tried again is decided by
the loop, not here.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from kubernetes.config import incluster_config
from kubernetes.dynamic import DynamicClient

from autoscaler.errors import (
    FieldOwnedError,
    KubernetesError,
    NotFoundError,
    UnavailableError,
    WriteConflictError,
)
from autoscaler.kube.fields import Object

CONNECT_SECONDS, READ_SECONDS = 3.0, 15.0
"""A LIST of 1,000 objects takes a second: an API server that needs fifteen is not answering."""
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
CONNECTIONS = 16
POD_TOKEN = Path(incluster_config.SERVICE_TOKEN_FILENAME)


class KubeClient:
    """Requests by path. Raises KubernetesError: for 404 NotFoundError, 409 WriteConflictError."""

    def __init__(
        self,
        configuration: client.Configuration,
        *,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        """`timeout`: seconds to connect, and to wait for more of an answer."""
        self._timeout = timeout
        configuration.retries = False
        configuration.connection_pool_maxsize = CONNECTIONS
        self._dynamic = DynamicClient(client.ApiClient(configuration), discoverer=lambda *_: None)

    def get(self, path: str, **query: str) -> Any:
        """Return what is at the path, as JSON; `query` such as a list's `labelSelector`."""
        return self._request("get", path, query=query)

    def create(self, path: str, body: Object) -> Any:
        """POST a new object. Raises WriteConflictError when one of that name exists."""
        return self._request("post", path, body=body)

    def apply(self, path: str, body: Object, *, manager: str, force: bool = False) -> Any:
        """Server-side apply: own exactly the fields of the body. Raises FieldOwnedError."""
        query = {"fieldManager": manager, "force": str(force).lower()}
        return self._request("patch", path, body=body, query=query, content_type=APPLY)

    def merge(self, path: str, body: Object) -> Any:
        """Change the fields of the body (a JSON merge patch)."""
        return self._request("patch", path, body=body, content_type=MERGE)

    def delete(self, path: str, *, uid: str) -> Any:
        """Delete the object of this uid. Raises WriteConflictError when another has its name."""
        return self._request("delete", path, body={"preconditions": {"uid": uid}})

    def _request(
        self,
        method: str,
        path: str,
        *,
        body: Object | None = None,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        try:
            response = self._dynamic.request(
                method,
                path,
                body=body,
                query_params=list((query or {}).items()),
                content_type=content_type,
                serialize=False,
                _request_timeout=self._timeout,
            )
            return json.loads(response.data)
        except ApiException as error:
            raise _translated(error, f"{method.upper()} {path}") from None
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            message = f"{method.upper()} {path}: no answer from the API server: {error}"
            raise UnavailableError(message) from error


def connect(
    kubeconfig: Path | None, *, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
) -> KubeClient:
    """Connect as the pod's service account, or as the named (else the usual) kubeconfig says."""
    configuration = client.Configuration()
    try:
        if kubeconfig is None and POD_TOKEN.is_file():
            config.load_incluster_config(client_configuration=configuration)
        else:
            path = None if kubeconfig is None else str(kubeconfig)
            config.load_kube_config(config_file=path, client_configuration=configuration)
    except (config.ConfigException, OSError) as error:
        raise KubernetesError(f"kubeconfig {kubeconfig or '~/.kube/config'}: {error}") from error
    return KubeClient(configuration, timeout=timeout)


def _translated(error: ApiException, request: str) -> KubernetesError:
    status = _status(error.body)
    message = f"{request}: {error.status} {status.get('message') or error.reason}"
    if error.status == 404:
        return NotFoundError(message)
    if error.status == 409:
        causes = status.get("details", {}).get("causes", ())
        owned = any(cause.get("reason") == "FieldManagerConflict" for cause in causes)
        return FieldOwnedError(message) if owned else WriteConflictError(message)
    if error.status == 429 or error.status >= 500 or not error.status:
        return UnavailableError(message)
    return KubernetesError(message)


def _status(body: Any) -> dict[str, Any]:
    try:
        parsed = json.loads(body or "{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
