"""From a name or a file to a checked scenario, or to one sentence about what is wrong."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from autoscaler.errors import SpecError
from simulations.scenario import source
from simulations.scenario.overrides import override
from simulations.scenario.schema import Scenario

_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is no field of a scenario here",
}
_LONGEST_VALUE = 60


def load(name_or_path: str, *, assignments: Iterable[str] = ()) -> Scenario:
    """Return a shipped scenario or one from a file, with `--set` assignments applied.

    Raises SpecError naming file, line, field and value.
    """
    return check(source.read(name_or_path), assignments=assignments)


def check(origin: source.Source, *, assignments: Iterable[str] = ()) -> Scenario:
    """Return the scenario that a source holds. Raises SpecError."""
    changes = tuple(assignments)
    document = override(origin.document, changes)
    try:
        scenario = Scenario.model_validate(document, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SpecError(_sentence(error, document, origin, changes)) from error
    for path in scenario.derived:
        if not _exists(document, path.split(".")):
            line = origin.line(("derived",))
            raise SpecError(
                f"{origin.name}:{line}: derived lists {path!r}, must be the path of a field"
                " in this file"
            )
    return scenario


def _sentence(
    error: ValidationError,
    document: dict[str, Any],
    origin: source.Source,
    changes: tuple[str, ...],
) -> str:
    problems = error.errors(include_url=False)
    path = _path(problems[0], document)
    field = ".".join(str(step) for step in path)
    value = _value(document, path)
    shown = "" if value is None else f" is {_short(value)}:"
    what = _PLAIN.get(problems[0]["type"], problems[0]["msg"])
    others = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    setter = next((each for each in changes if field.endswith(each.split("=")[0])), None)
    where = f"--set {setter}" if setter else f"{origin.name}:{origin.line(path)}"
    return f"{where}: {field}{shown} {what}{others}"


def _path(problem: ErrorDetails, document: dict[str, Any]) -> tuple[str | int, ...]:
    """Return the field to blame, without the steps pydantic adds for the branches of a union."""
    path: list[str | int] = []
    node: Any = document
    steps = (*problem["loc"], *_steps(problem.get("ctx", {}).get("field", "")))
    for step in steps:
        if isinstance(node, dict) and step not in node and step != steps[-1]:
            continue
        path.append(step)
        node = _value(node, (step,))
    return tuple(path)


def _steps(field: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdigit() else step for step in field.split(".") if step)


def _value(node: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."


def _exists(node: Any, steps: list[str]) -> bool:
    if not steps:
        return True
    if isinstance(node, list):
        return all(_exists(entry, steps) for entry in node) and bool(node)
    return isinstance(node, dict) and steps[0] in node and _exists(node[steps[0]], steps[1:])
