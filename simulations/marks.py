"""What of a scenario is drawn on the time axis."""

from simulations.result import Mark
from simulations.scenario.schema import Scenario


def marks(scenario: Scenario) -> tuple[Mark, ...]:
    """Return a scenario's faults and surges, by start."""
    faults = [
        Mark(
            kind=fault.kind.value,
            label=fault.name,
            start=scenario.epoch(fault.start),
            end=scenario.epoch(fault.start) + fault.lasting_seconds,
            pool=pool,
        )
        for fault in scenario.faults
        for pool in (fault.pools or (None,))
    ]
    last = scenario.epoch(scenario.start) + scenario.duration_seconds
    surges = [
        Mark(
            kind="Surge",
            label=surge.name,
            start=scenario.epoch(surge.start),
            end=last
            if (end := surge.lasting_seconds) is None
            else min(last, scenario.epoch(surge.start) + end),
            pool=pool.name,
        )
        for pool in scenario.pools
        for surge in pool.demand.surges
    ]
    return tuple(sorted((*faults, *surges), key=lambda mark: (mark.start, mark.label)))
