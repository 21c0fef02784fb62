"""What a report marks on the time axis: faults, surges, webinars, and what was announced."""

from collections.abc import Iterable, Iterator

from forecast.calendar import Event
from simulations.result import Mark
from simulations.scenario.schema import Scenario

ANNOUNCED = "Announced"
"""The kind of what stands in the calendar, whether or not it comes true."""


def marks(scenario: Scenario, events: Iterable[Event] = ()) -> tuple[Mark, ...]:
    """Return what lies within the scenario, by time; `events` are what was announced."""
    start = scenario.epoch(scenario.start)
    end = start + scenario.duration_seconds
    found = [*_faults(scenario), *_crowds(scenario, end), *_announced(scenario, events)]
    within = (mark for mark in found if mark.start < end and mark.end > start)
    return tuple(sorted(within, key=lambda mark: (mark.start, mark.label)))


def _faults(scenario: Scenario) -> Iterator[Mark]:
    for fault in scenario.faults:
        start = scenario.epoch(fault.start)
        for pool in fault.pools or (None,):
            yield Mark(
                kind=fault.kind.value,
                label=fault.name,
                start=start,
                end=start + fault.lasting_seconds,
                pool=pool,
            )


def _crowds(scenario: Scenario, end: int) -> Iterator[Mark]:
    for pool in scenario.pools:
        for surge in pool.demand.surges:
            start, lasting = scenario.epoch(surge.start), surge.lasting_seconds
            over = end if lasting is None else min(end, start + lasting)
            yield Mark(kind="Surge", label=surge.name, start=start, end=over, pool=pool.name)
        for webinar in pool.demand.webinars:
            start = scenario.epoch(webinar.start)
            over = start + webinar.length_seconds
            yield Mark(kind="Webinar", label=webinar.name, start=start, end=over, pool=pool.name)


def _announced(scenario: Scenario, events: Iterable[Event]) -> Iterator[Mark]:
    for event in events:
        label = f"announced: {event.name.rpartition('/')[2]}"
        for pool in scenario.pools:
            if event.concerns(pool.resource.key):
                yield Mark(
                    kind=ANNOUNCED,
                    label=label,
                    start=event.start,
                    end=event.end,
                    pool=pool.name,
                )
