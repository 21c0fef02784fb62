"""Scenarios, as `meetscale scenarios` lists them."""

from dataclasses import dataclass

from simulations.scenario import source
from simulations.scenario.load import check
from simulations.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One scenario; field names are those of the JSON listing."""

    name: str
    title: str
    category: str
    description: str
    provenance: tuple[str, ...]
    derived: tuple[str, ...]
    duration_seconds: int


def catalog() -> tuple[Entry, ...]:
    """Return every shipped scenario, sorted by name."""
    loaded = [check(source.parse(text, name=name)) for name, text in source.shipped().items()]
    return tuple(describe(scenario) for scenario in loaded)


def describe(scenario: Scenario) -> Entry:
    """Return a scenario's entry."""
    return Entry(
        name=scenario.name,
        title=scenario.title,
        category=scenario.category.value,
        description=scenario.description,
        provenance=scenario.provenance,
        derived=scenario.derived,
        duration_seconds=scenario.duration_seconds,
    )
