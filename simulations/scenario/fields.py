"""Which fields a scenario may have at a place, read from its schema."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from autoscaler.resources.overrides import Path
from simulations.scenario.schema import Scenario


def fields_at(path: Path) -> tuple[str, ...]:
    """Return the fields that the mapping at `path` may have; none where it is no mapping."""
    nodes = list(_branches(_schema()))
    for step in path:
        nodes = [branch for node in nodes for branch in _below(node, step)]
    return tuple(dict.fromkeys(name for node in nodes for name in node.get("properties", ())))


@cache
def _schema() -> dict[str, Any]:
    return Scenario.model_json_schema(by_alias=True)


def _below(node: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
    found = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
    if isinstance(found, dict):
        yield from _branches(found)


def _branches(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a node may be: what it refers to, and each alternative of a union."""
    if "$ref" in node:
        yield from _branches(_schema()["$defs"][node["$ref"].rpartition("/")[2]])
    alternatives = [*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())]
    for each in alternatives:
        yield from _branches(each)
    if "$ref" not in node:
        yield node
