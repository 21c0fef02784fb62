"""What-ifs as people type them: events in the one grammar of events, and losses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autoscaler.errors import SpecError
from autoscaler.whatif.world import PlannedPool
from forecast.calendar import Event
from forecast.event_text import parse_events

_LOSS = "loss:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different in the imagined world: events on top, and zones that are gone."""

    events: tuple[Event, ...] = ()
    zones_lost: tuple[str, ...] = ()


def parse_changes(texts: Sequence[str], *, pools: Sequence[PlannedPool], now: int) -> Changes:
    """Read `--what-if` texts: an event such as `10x@20:00+8h`, or `loss:zone=b`.

    Zone names are labels: a pool knows how many zones it has, not what they are called. Raises
    SpecError and, for an event that cannot be read, HistoryError.
    """
    events: list[Event] = []
    zones: list[str] = []
    for text in texts:
        if text.strip().startswith(_LOSS):
            zones.append(_zone(text.strip()))
        else:
            events.extend(_for_pools(event, pools) for event in parse_events(text, now=now))
    lost = tuple(dict.fromkeys(zones))
    if lost and len(lost) >= max(pool.spec.reserve.zones for pool in pools):
        raise SpecError(_too_few(lost, pools))
    return Changes(events=tuple(events), zones_lost=lost)


def _zone(text: str) -> str:
    what, _, name = text.removeprefix(_LOSS).partition("=")
    if what != "zone" or not name:
        raise SpecError(f"--what-if {text!r}: must be loss:zone=NAME, like loss:zone=b")
    return name


def _too_few(zones: Sequence[str], pools: Sequence[PlannedPool]) -> str:
    most = max(pools, key=lambda pool: pool.spec.reserve.zones)
    count = most.spec.reserve.zones
    if count == 1:
        return (
            f"--what-if loss:zone={zones[0]}: every pool has one zone only "
            "(spec.reserve.zones is 1): set how many zones the pool is spread over"
        )
    return (
        f"--what-if loses {len(zones)} zones, no pool has more than {count} "
        f"({most.metadata.name}: spec.reserve.zones): must leave one"
    )


def _for_pools(event: Event, pools: Sequence[PlannedPool]) -> Event:
    """Return the event for the pools' keys; people may say names without their namespace."""
    if event.series_ids is None:
        return event
    keys = {name: pool.key for pool in pools for name in (pool.metadata.name, pool.key)}
    for name in sorted(event.series_ids):
        if name not in keys:
            known = ", ".join(pool.metadata.name for pool in pools)
            raise SpecError(f"--what-if event {event.name!r}: no pool {name!r}, there are {known}")
    return replace(event, series_ids=frozenset(keys[name] for name in event.series_ids))
