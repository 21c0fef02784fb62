"""Who is on which server, and how servers became empty: asked only of pools that let servers go."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from string import Template

from autoscaler.errors import PrometheusError
from autoscaler.planner.emptying import Spells
from autoscaler.ports.servers import Occupancy, Seat
from autoscaler.prometheus.client import PrometheusClient, Row
from autoscaler.prometheus.groups import Group, LabelValues, grouped
from autoscaler.prometheus.presets import METRICS, Metrics
from autoscaler.prometheus.promql import FACET, IDENTITY, union
from autoscaler.resources.sfupool import SFUPool

SPELL_WINDOW, SPELL_STEP_SECONDS = "4h", 60
"""How far back spells of occupation are looked at, and how often: a shorter one may be missed."""
SERVER = ("namespace", "pod")
"""Labels by which a target says whose it is, where relabelling gives it any."""


class PrometheusOccupancy:
    """`OccupancySource` on Prometheus, for the presets whose targets are servers."""

    def __init__(self, url: str, *, timeout_seconds: float = 5.0) -> None:
        self._client = PrometheusClient(
            url, instant_seconds=timeout_seconds, range_seconds=timeout_seconds
        )

    def occupancy(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Occupancy]:
        """Read it by `namespace/name`. Never raises: a pool that is not known has no seats."""
        known: dict[str, Occupancy] = {}
        for group in grouped(pools):
            metrics = METRICS[group.preset]
            if metrics.rooms is None or not metrics.targets_are_servers:
                continue
            try:
                rows = self._client.instant(question(group, metrics, rooms=metrics.rooms))
            except PrometheusError:
                continue
            known |= _by_pool(rows, group, now=now)
        return known

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def question(group: Group, metrics: Metrics, *, rooms: str) -> str:
    """Ask for every fresh target's rooms, participants and age, and for the pools' spells."""

    def fill(template: str) -> str:
        return Template(template).substitute(pool=group.matchers, at="")

    target = ", ".join(dict.fromkeys((*group.keys, "job", *IDENTITY, *SERVER)))
    keys = ", ".join(group.keys)
    people = fill(metrics.participants)
    age = f"time() - timestamp({people})"
    fresh = f"({age} <= {group.stale_after_seconds})"
    if metrics.valid is not None:
        fresh = f"({fresh} and on (job, instance) {fill(metrics.valid)})"
    meetings = f"sum by ({target}) ({fill(rooms)})"
    window = f"[{SPELL_WINDOW}:{SPELL_STEP_SECONDS}s]"
    occupied = f"({meetings} > bool 0){window}"
    return union(
        {
            "rooms": f"({meetings} and on (job, instance) {fresh})",
            "participants": f"(sum by ({target}) ({people}) and on (job, instance) {fresh})",
            "age": f"max by ({target}) {fresh}",
            "occupied": f"{SPELL_STEP_SECONDS} * sum by ({keys}) (sum_over_time({occupied}))",
            "emptied": f"sum by ({keys}) (resets({occupied}))",
        }
    )


def _by_pool(rows: Sequence[Row], group: Group, *, now: int) -> dict[str, Occupancy]:
    targets: dict[LabelValues, dict[tuple[str, ...], dict[str, float]]] = defaultdict(dict)
    totals: dict[LabelValues, dict[str, float]] = defaultdict(dict)
    for row in rows:
        labels, value = row["metric"], float(row["value"][1])
        values, facet = group.values_in(labels), labels[FACET]
        if not math.isfinite(value):
            continue
        if facet in ("occupied", "emptied"):
            totals[values][facet] = value
            continue
        name = tuple(labels.get(key, "") for key in (*SERVER, "instance", "job"))
        targets[values].setdefault(name, {})[facet] = value
    known = {}
    for pool in group.pools:
        values = group.values_in(pool.spec.demand.match_labels)
        seats = tuple(
            _seat(name, told, now=now)
            for name, told in sorted(targets[values].items())
            if told.keys() == {"rooms", "participants", "age"}
        )
        total = totals[values]
        spells = Spells(total.get("occupied", 0.0), total.get("emptied", 0.0))
        known[pool.key] = Occupancy(seats, spells)
    return known


def _seat(name: tuple[str, ...], told: Mapping[str, float], *, now: int) -> Seat:
    namespace, pod, instance, _ = name
    host, _, port = instance.rpartition(":")
    return Seat(
        pod=pod,
        namespace=namespace,
        address=host if port.isdigit() else instance,
        rooms=told["rooms"],
        participants=told["participants"],
        # The sample is as old as it says; rounded so that it never seems younger than it is.
        seen_at=now - math.ceil(told["age"]),
    )
