"""From a name or a file to a checked scenario, or to one sentence about what is wrong."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from autoscaler.errors import SpecError
from autoscaler.resources.near import meant
from autoscaler.resources.overrides import Path, override
from simulations.policies.registry import POLICIES
from simulations.scenario import source
from simulations.scenario.assertion import parse
from simulations.scenario.fields import fields_at
from simulations.scenario.schema import Scenario

_MUST = {
    "missing": "is missing",
    "extra_forbidden": "is no field here",
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "model_type": "must be a mapping of fields",
    "tuple_type": "must be a list",
}
_LONGEST_VALUE = 60


def load(name_or_path: str, *, assignments: Iterable[str] = ()) -> Scenario:
    """Return a shipped scenario or one from a file, with `--set` assignments applied.

    Raises SpecError naming file, line, field and value.
    """
    return check(source.read(name_or_path), assignments=assignments)


def check(origin: source.Source, *, assignments: Iterable[str] = ()) -> Scenario:
    """Return the scenario that a source holds. Raises SpecError."""
    document, changed = override(origin.document, assignments)
    try:
        scenario = Scenario.model_validate(document, by_alias=True, by_name=False)
    except ValidationError as error:
        path, sentence = _sentence(error, document)
        where = next((f"--set {changed[each]}" for each in changed if _within(path, each)), None)
        where = where or f"{origin.name}:{origin.line(path)}"
        raise SpecError(f"{where}: {sentence}") from error
    for path_text in scenario.derived:
        if not _exists(document, path_text.split(".")):
            line = origin.line(("derived",))
            raise SpecError(
                f"{origin.name}:{line}: derived lists {path_text!r}: must be the path of a field"
                " in this file"
            )
    for index, assertion in enumerate(scenario.assertions):
        if unknown := parse(assertion.that).policies - POLICIES.keys():
            line = origin.line(("assertions", index, "that"))
            raise SpecError(
                f"{origin.name}:{line}: assertions[{index}].that is {assertion.that!r}: must name"
                f" policies, like {', '.join(POLICIES)}, not {min(unknown)}"
            )
    return scenario


def _sentence(error: ValidationError, document: dict[str, Any]) -> tuple[Path, str]:
    """Return the field that the first problem is about, and the problem in words."""
    problems = error.errors(include_url=False)
    # a misspelt field is unknown and missing at once; the first says more
    first = min(problems, key=lambda problem: problem["type"] != "extra_forbidden")
    path = _path(first, document)
    value = _value(document, path)
    shown = "" if value is None or isinstance(value, dict | list) else f" is {_short(value)}"
    # a union says of each of its branches what it would take
    ways = [_must(each) for each in problems if _path(each, document) == path]
    must = _must(first) if first["type"] in _MUST else " or ".join(dict.fromkeys(ways))
    if first["type"] == "extra_forbidden" and isinstance(path[-1], str):
        known = fields_at(path[:-1])
        must += meant(path[-1], known) or f", there are {', '.join(known)}"
    joint = " " if must.startswith("is ") and not shown else ": "
    return path, f"{_text(path)}{shown}{joint}{must}"


def _must(problem: ErrorDetails) -> str:
    said = re.sub(r"^[\w ]+ should ", "must ", problem["msg"]).replace(" after validation", "")
    return _MUST.get(problem["type"], said)


def _path(problem: ErrorDetails, document: dict[str, Any]) -> Path:
    """Return the field to blame, without the steps pydantic adds for the branches of a union."""
    path: list[str | int] = []
    node: Any = document
    steps = (*problem["loc"], *_steps(problem.get("ctx", {}).get("field", "")))
    known = problem["type"] == "missing"
    for index, step in enumerate(steps):
        below = _value(node, (step,))
        if below is None and not (known and index == len(steps) - 1):
            continue
        path.append(step)
        node = below
    return tuple(path)


def _steps(field: str) -> Path:
    return tuple(int(step) if step.isdigit() else step for step in field.split(".") if step)


def _value(node: Any, path: Path) -> Any:
    for step in path:
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node


def _text(path: Path) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."


def _within(path: Path, changed: Path) -> bool:
    shorter = min(len(path), len(changed))
    return path[:shorter] == changed[:shorter] and shorter > 0


def _exists(node: Any, steps: list[str]) -> bool:
    """Whether there is such a field; a list has it if one of its entries has."""
    if not steps:
        return True
    if isinstance(node, list):
        return any(_exists(entry, steps) for entry in node)
    return isinstance(node, dict) and steps[0] in node and _exists(node[steps[0]], steps[1:])
