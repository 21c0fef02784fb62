"""One number inside any object: where it stands, what it is, and who owns it. Pure.

A path is a JSON pointer below /spec or /metadata/annotations, map keys only (RFC 6901; `~1` is a
slash). Owners are read from `metadata.managedFields`, where each key of the same path carries the
prefix `f:`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Object = Mapping[str, Any]
"""A Kubernetes object as JSON."""

MANAGER = "meetscale-target"
"""The field manager that owns the numbers we write, and nothing else."""


@lru_cache(maxsize=4096)
def keys_of(path: str) -> tuple[str, ...]:
    """Return the map keys that a JSON pointer names, from the object's root."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in path.split("/")[1:])


def read(body: Object, path: str) -> Any:
    """Return what stands at the path, None where nothing does."""
    value: Any = body
    for key in keys_of(path):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def as_number(value: Any) -> int | None:
    """Return the integer that a field holds (an annotation as a string), None if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return None


def nested(path: str, number: int) -> dict[str, Any]:
    """Return the smallest object that holds the number at the path; an annotation is a string."""
    keys = keys_of(path)
    value: Any = str(number) if keys[0] == "metadata" else number
    for key in reversed(keys):
        value = {key: value}
    return dict(value)


@dataclass(frozen=True, slots=True)
class Owner:
    """A field manager that owns a field; `declares` says whether by server-side apply.

    Who applies declares the field and will apply it again (GitOps does); who updated it once, such
    as whoever created the object, need never come back.
    """

    manager: str
    declares: bool


def owners(body: Object, path: str) -> tuple[Owner, ...]:
    """Return who owns the field, ourselves included, in the order of the object's managedFields."""
    keys = tuple(f"f:{key}" for key in keys_of(path))
    return tuple(
        Owner(entry.get("manager", ""), entry.get("operation") == "Apply")
        for entry in _entries(body)
        if _holds(entry.get("fieldsV1", {}), keys)
    )


def shared(body: Object, path: str) -> bool:
    """Say whether the field is ours, and still also somebody's who had it before us.

    Applying the number that a field holds already takes it from nobody, not even by force, and
    leaves our entry without a time. With a time we once had it alone: who owns it as well by now
    came later, and that is a contest.
    """
    keys = tuple(f"f:{key}" for key in keys_of(path))
    holding = [entry for entry in _entries(body) if _holds(entry.get("fieldsV1", {}), keys)]
    ours = [entry for entry in holding if entry.get("manager") == MANAGER]
    return 0 < len(ours) < len(holding) and not any("time" in entry for entry in ours)


def _entries(body: Object) -> Iterator[Object]:
    yield from body.get("metadata", {}).get("managedFields", ())


def _holds(fields: Any, keys: Sequence[str]) -> bool:
    for key in keys:
        if not isinstance(fields, Mapping) or key not in fields:
            return False
        fields = fields[key]
    return True
