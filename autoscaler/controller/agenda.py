"""The dated events of all pools, made anew when one changed or a day passed."""

from collections.abc import Sequence

from autoscaler.errors import SpecError
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.occurrences import occurrences
from autoscaler.resources.sfupool import SFUPool
from forecast.calendar import DAY, Event

BEHIND, AHEAD = 28 * DAY, 14 * DAY
"""What is behind teaches what an event is worth; ahead is the longest horizon planned for."""


class Agenda:
    """Occurrences of every event; `refused` says why an event has none, by `namespace/name`."""

    def __init__(self) -> None:
        self._made_from: object = None
        self._events: tuple[Event, ...] = ()
        self.refused: dict[str, str] = {}

    def events(
        self, resources: Sequence[DemandEvent], pools: Sequence[SFUPool], *, now: int
    ) -> tuple[Event, ...]:
        """Return the occurrences around now: the same object until something changed."""
        labels = [(pool.key, pool.metadata.labels) for pool in pools] if resources else []
        made_from = (now // DAY, tuple(resources), labels)
        if made_from != self._made_from:
            self._made_from = made_from
            self._events = self._expand(resources, pools, today=now // DAY * DAY)
        return self._events

    def _expand(
        self, resources: Sequence[DemandEvent], pools: Sequence[SFUPool], *, today: int
    ) -> tuple[Event, ...]:
        self.refused = {}
        found: list[Event] = []
        start, end = today - BEHIND, today + DAY + AHEAD
        for event in resources:
            try:
                found.extend(occurrences([event], pools=pools, start=start, end=end))
            except SpecError as error:
                self.refused[event.key] = str(error)
        return tuple(found)
