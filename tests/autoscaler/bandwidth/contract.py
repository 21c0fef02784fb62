"""The OpenAPI file as a judge of what goes over the wire."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

FILE = Path(__file__).parents[3] / "docs" / "openapi" / "bandwidth-provider.yaml"
ORDERS = "/v1/links/{linkId}/orders"
LINK = "/v1/links/{linkId}"


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def _operation(method: str, path: str) -> dict[str, Any]:
    template = ORDERS if path.endswith("/orders") else LINK
    found: dict[str, Any] = document()["paths"][template][method.lower()]
    return found


def _errors(schema: dict[str, Any], body: object) -> list[str]:
    whole = {"components": document()["components"], **schema}
    return [error.message for error in Draft202012Validator(whole).iter_errors(body)]


def wrong_with_request(method: str, path: str, headers: dict[str, str], body: object) -> list[str]:
    """Return what the contract has against a request."""
    operation = _operation(method, path)
    wrong = [] if headers.get("authorization", "").startswith("Bearer ") else ["no bearer token"]
    for parameter in operation.get("parameters", ()):
        value = headers.get(parameter["name"].lower())
        wrong += _errors(parameter["schema"], value)
    if "requestBody" in operation:
        content = operation["requestBody"]["content"][headers.get("content-type", "")]
        wrong += _errors(content["schema"], body)
    return wrong


def wrong_with_response(
    method: str, path: str, status: int, content_type: str, body: object
) -> list[str]:
    """Return what the contract has against a response."""
    responses = _operation(method, path)["responses"]
    response = responses.get(str(status)) or responses["default"]
    while "$ref" in response:
        response = document()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    content = response["content"].get(content_type)
    if content is None:
        return [f"{status} with {content_type}"]
    return _errors(content["schema"], body)
