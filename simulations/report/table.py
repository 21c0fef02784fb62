"""The policies' numbers as people compare them."""

from dataclasses import dataclass

from simulations.report.columns import COLUMNS, Column
from simulations.result import ScenarioResult

OWN = "meetscale"
BOUND = "clairvoyant"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as text; `share` of the column's largest, 0 to 1, draws its bar (None: no bar)."""

    text: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One policy, with a cell for each of `COLUMNS`."""

    policy: str
    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One number of all policies, in their order."""

    column: Column
    cells: tuple[Cell, ...]


def rows(result: ScenarioResult) -> tuple[Row, ...]:
    """Return one row per policy, in the order they ran."""
    columns = [_cells(column, result) for column in COLUMNS]
    return tuple(
        Row(name, _kind(name), tuple(cells[index] for cells in columns))
        for index, name in enumerate(result.policies)
    )


def groups(result: ScenarioResult) -> dict[str, tuple[Line, ...]]:
    """Return the numbers that say something here, by group."""
    found: dict[str, tuple[Line, ...]] = {}
    for column in COLUMNS:
        optional = column.optional
        if optional is None or any(optional(each) for each in result.policies.values()):
            line = Line(column, _cells(column, result))
            found[column.group] = (*found.get(column.group, ()), line)
    return found


def _kind(policy: str) -> str:
    return "own" if policy == OWN else "bound" if policy == BOUND else "other"


def _cells(column: Column, result: ScenarioResult) -> tuple[Cell, ...]:
    every = result.policies.values()
    texts = [column.text(each, result.currency) for each in every]
    if column.bar is None:
        return tuple(map(Cell, texts))
    sizes = [column.bar(each) for each in every]
    most = max(sizes, default=0.0)
    shares = [round(size / most, 3) if most > 0 else 0.0 for size in sizes]
    return tuple(map(Cell, texts, shares))
