"""Talking to the API server in the words of these tests: objects of ours, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import DynamicApiError

Object = dict[str, Any]
MERGE = "application/merge-patch+json"


class RefusedError(Exception):
    """An answer of the API server: its code, its message, and (field, message) for each cause."""

    def __init__(self, error: DynamicApiError) -> None:
        status = json.loads(error.body)
        super().__init__(status["message"])
        self.code = int(error.status)
        self.causes = [
            (cause.get("field", ""), cause.get("message", ""))
            for cause in status.get("details", {}).get("causes", ())
        ]

    def says(self, field: str, message: str) -> bool:
        """Whether one of the causes is this message at this field."""
        return any(
            blamed == field and told.endswith(f": {message}") for blamed, told in self.causes
        )


def create(client: DynamicClient, body: Object, namespace: str, *, dry_run: bool = False) -> Object:
    """Create an object in `namespace`, whatever it says itself. Raises RefusedError."""
    body = {**body, "metadata": {**body["metadata"], "namespace": namespace}}
    api = client.resources.get(api_version=body["apiVersion"], kind=body["kind"])
    options = {"dry_run": "All"} if dry_run else {}
    return _answer(lambda: api.create(body=body, namespace=namespace, **options))


def replace(client: DynamicClient, body: Object, *, dry_run: bool = False) -> Object:
    """Replace an object that was read before. Raises RefusedError."""
    api = client.resources.get(api_version=body["apiVersion"], kind=body["kind"])
    options = {"dry_run": "All"} if dry_run else {}
    namespace = body["metadata"]["namespace"]
    return _answer(lambda: api.replace(body=body, namespace=namespace, **options))


def patch_status(client: DynamicClient, stored: Object, status: Object) -> Object:
    """Merge `status` through the status subresource, as the operator does. Raises RefusedError."""
    api = client.resources.get(api_version=stored["apiVersion"], kind=stored["kind"])
    name, namespace = stored["metadata"]["name"], stored["metadata"]["namespace"]
    body = {"status": status}
    return _answer(
        lambda: api.status.patch(body=body, name=name, namespace=namespace, content_type=MERGE)
    )


def patch_path(client: DynamicClient, path: str, body: Object) -> int:
    """Merge-patch whatever lies at `path`; return the code of the answer."""
    try:
        client.request("patch", path, body=body, content_type=MERGE)
    except DynamicApiError as error:
        return int(error.status)
    return 200


def _answer(request: Callable[[], Any]) -> Object:
    try:
        answer: Object = request().to_dict()
    except DynamicApiError as error:
        raise RefusedError(error) from None
    return answer
