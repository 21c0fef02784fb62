"""The shipped samples as objects to change: what users start from is what the tests start from."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autoscaler.resources.documents import read_documents

MANIFESTS = Path(__file__).parents[3] / "manifests"
ABSENT = object()
"""As a new value: the field is taken out."""

Object = dict[str, Any]


def sample(name: str, changes: Mapping[str, object] | None = None) -> Object:
    """Return `manifests/samples/NAME.yaml` with fields changed, as in {"spec.minReplicas": 700}."""
    file = MANIFESTS / "samples" / f"{name}.yaml"
    (document,) = read_documents(file.read_text(encoding="utf-8"), source=file.name)
    assert isinstance(document, dict)
    return changed(document, changes or {})


def changed(document: Object, changes: Mapping[str, object]) -> Object:
    """Return a copy of an object with fields changed, added or (ABSENT) taken out."""
    document = copy.deepcopy(document)
    for path, value in changes.items():
        *parents, last = path.split(".")
        place = document
        for step in parents:
            place = place.setdefault(step, {})
        if value is ABSENT:
            del place[last]
        else:
            place[last] = copy.deepcopy(value)
    return document
