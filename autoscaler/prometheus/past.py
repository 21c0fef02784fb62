"""How the past of some series is asked for, and how the answer becomes a block of bins."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from autoscaler.prometheus.bins import BIN_SECONDS, Block, SeriesId
from autoscaler.prometheus.client import Row
from autoscaler.prometheus.groups import Group, LabelValues
from autoscaler.prometheus.own_query import OwnQueries
from autoscaler.prometheus.promql import FACET, Questions, peak_of
from autoscaler.prometheus.trust import REFUSED_LEAST, REFUSED_SHARE
from autoscaler.resources.demand import DemandQuery
from autoscaler.resources.sfupool import SFUPool
from forecast.arrays import FloatArray, UInt8Array
from forecast.history import PointState


class Past(Protocol):
    """Series whose past is told by one query."""

    points_per_request: int
    """How many bins are asked for at once. Prometheus gives at most 11,000 points of a series."""
    series: tuple[SeriesId, ...]
    """The series, each once."""

    def narrowed(self, series: Iterable[SeriesId], /) -> "Past":
        """Return the past of some of the series."""
        ...

    def question(self) -> str:
        """Return PromQL, to be evaluated at the start of each bin's last minute."""
        ...

    def further_question(self, rows: Sequence[Row], /) -> str | None:
        """Return what else must be asked in view of the answer, if anything."""
        ...

    def block(self, rows: Sequence[Row], *, start: int, points: int) -> Block:
        """Put the answers on the `points` bins from `start` on."""
        ...


def series_id(demand: DemandQuery) -> SeriesId:
    """Return what decides a pool's past: change it, and it is read anew."""
    labels = tuple(sorted(demand.match_labels.items()))
    return demand.preset, labels, demand.min_targets_percent, demand.query


class GroupPast:
    """The past of a group's pools."""

    points_per_request = 96
    """A day: Prometheus holds a number for each minute and target of it while it evaluates."""

    def __init__(self, group: Group) -> None:
        self._pools = {series_id(pool.spec.demand): pool for pool in group.pools}
        self._group = group.narrowed(self._pools.values())
        self.series: tuple[SeriesId, ...] = tuple(self._pools)

    def narrowed(self, series: Iterable[SeriesId], /) -> "GroupPast":
        """Return the past of some of the pools."""
        return GroupPast(self._group.narrowed(self._pools[name] for name in series))

    def question(self) -> str:
        """Ask for peak demand, refusals, and where targets were mute."""
        return Questions(self._group).history()

    def further_question(self, rows: Sequence[Row], /) -> str | None:
        """Ask for the share of targets that told, of those pools where some were mute."""
        mute = {self._group.values_in(row["metric"]) for row in rows if _facet(row) == "mute"}
        pools = [pool for pool in self._pools.values() if self._values(pool) in mute]
        return Questions(self._group.narrowed(pools)).share() if pools else None

    def block(self, rows: Sequence[Row], *, start: int, points: int) -> Block:
        """Tell, bin by bin, what was observed and how far it is to be trusted."""
        told = self._facets(rows, start=start, points=points)
        peak, refused = told["peak"], np.nan_to_num(told["refused"])
        least = [[pool.spec.demand.min_targets_percent] for pool in self._pools.values()]
        states = np.full(peak.shape, PointState.OBSERVED, dtype=np.uint8)
        limit = np.maximum(REFUSED_LEAST, REFUSED_SHARE * np.nan_to_num(peak))
        states[refused > limit] = PointState.CENSORED
        states[100.0 * told["share"] < np.array(least)] = PointState.PARTIAL
        return _known(peak + refused, states)

    def _facets(
        self, rows: Sequence[Row], *, start: int, points: int
    ) -> defaultdict[str, FloatArray]:
        told: defaultdict[str, FloatArray] = defaultdict(
            lambda: np.full((len(self._pools), points), np.nan)
        )
        wanted: defaultdict[LabelValues, list[int]] = defaultdict(list)
        for index, pool in enumerate(self._pools.values()):
            wanted[self._values(pool)].append(index)
        for row in rows:
            if indices := wanted.get(self._group.values_in(row["metric"])):
                told[_facet(row)][indices] = on_grid(row, start=start, points=points)
        return told

    def _values(self, pool: SFUPool) -> LabelValues:
        return self._group.values_in(pool.spec.demand.match_labels)


class OwnPast:
    """The past of a query of a pool's own."""

    points_per_request = 11_000

    def __init__(self, demand: DemandQuery, *, queries: OwnQueries) -> None:
        self.series: tuple[SeriesId, ...] = (series_id(demand),)
        self._query = demand.query or ""
        self._queries = queries

    def narrowed(self, _series: Iterable[SeriesId], /) -> "OwnPast":
        """Return itself: there is nothing to leave out."""
        return self

    def question(self) -> str:
        """Ask for peak demand; the query may end with a comment."""
        return peak_of(f"{self._query}\n")

    def further_question(self, _rows: Sequence[Row], /) -> str | None:
        """Return nothing: the targets of the query are not known."""
        return None

    def block(self, rows: Sequence[Row], *, start: int, points: int) -> Block:
        """Take the bins with one series: with several, nobody knows which one is meant."""
        grids = [on_grid(row, start=start, points=points) for row in rows]
        told = np.array(grids).reshape(len(rows), points)
        alone = np.isfinite(told).sum(axis=0) == 1
        peak = np.where(alone, np.nansum(told, axis=0), np.nan)
        default = self._queries.default(self._query)
        if default is not None:
            peak[peak == default] = np.nan
        return _known(peak[None, :], np.full((1, points), PointState.OBSERVED, dtype=np.uint8))


def _facet(row: Row) -> str:
    return str(row["metric"].get(FACET, ""))


def on_grid(row: Row, *, start: int, points: int) -> FloatArray:
    """Put a row's values into the bins that their times lie in."""
    told = np.array(row.get("values", []), dtype=np.float64).reshape(-1, 2)
    bins = (told[:, 0].astype(np.int64) - start) // BIN_SECONDS
    inside = (bins >= 0) & (bins < points)
    grid = np.full(points, np.nan)
    grid[bins[inside]] = told[inside, 1]
    return grid


def _known(values: FloatArray, states: UInt8Array) -> Block:
    """Leave out what cannot be a number of participants."""
    known = np.isfinite(values) & (values >= 0.0)
    return Block(
        values=np.where(known, values, np.nan),
        states=np.where(known, states, np.uint8(PointState.MISSING)),
    )
