"""`--set path=value`: one field of a document, changed on the command line."""

import copy
from collections.abc import Iterable
from typing import Any, TypeAlias

import yaml

from autoscaler.errors import SpecError
from autoscaler.resources.documents import read_value

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indices from the top of a document to a field."""


def override(
    document: dict[str, Any], assignments: Iterable[str]
) -> tuple[dict[str, Any], dict[Path, str]]:
    """Return a copy of `document` with each `path=value` applied, and which set which field.

    A path is fields joined by dots; a list is entered by index or by the name of an entry, as in
    `pools.eu-west-1.supply.boot.p50Seconds=600`. Values are YAML. Raises SpecError for a path that
    cannot be followed; whether the field exists is for the schema to say.
    """
    changed = copy.deepcopy(document)
    by_path: dict[Path, str] = {}
    for assignment in assignments:
        path, separator, text = assignment.partition("=")
        if not separator or not path:
            raise SpecError(f"--set {assignment!r}: must be path=value, like seed=3")
        try:
            value = read_value(text)
        except yaml.YAMLError as error:
            raise SpecError(f"--set {assignment!r}: the value is not valid YAML") from error
        by_path[_assign(changed, path.split("."), value, assignment)] = assignment
    return changed, by_path


def _assign(document: dict[str, Any], steps: list[str], value: object, assignment: str) -> Path:
    node: Any = document
    path: list[str | int] = []
    for depth, step in enumerate(steps):
        last = depth == len(steps) - 1
        if isinstance(node, dict):
            path.append(step)
            below = node.setdefault(step, {})
        elif isinstance(node, list):
            index = _index(node, step, assignment)
            path.append(index)
            below = node[index]
        else:
            parent = ".".join(steps[:depth])
            raise SpecError(f"--set {assignment!r}: {parent} is {node!r} and has no field {step!r}")
        if last:
            node[path[-1]] = value
        node = below
    return tuple(path)


def _index(entries: list[Any], step: str, assignment: str) -> int:
    names = [_name(entry) for entry in entries]
    if step in names:
        return names.index(step)
    if step.isdigit() and int(step) < len(entries):
        return int(step)
    known = ", ".join(name for name in names if name) or f"0 to {len(entries) - 1}"
    raise SpecError(f"--set {assignment!r}: no entry {step!r}, must be one of {known}")


def _name(entry: object) -> str | None:
    """Return what a list entry is called: its own name, or that of the resource it is or holds."""
    if not isinstance(entry, dict):
        return None
    if "name" in entry:
        return str(entry["name"])
    resource = entry.get("resource", entry)
    metadata = resource.get("metadata") if isinstance(resource, dict) else None
    return str(metadata["name"]) if isinstance(metadata, dict) and "name" in metadata else None
