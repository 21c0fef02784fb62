"""Pools that bring their own PromQL: a query and a request for each."""

import math
from collections.abc import Sequence

from autoscaler.engine.observation import Demand, DemandState
from autoscaler.ports.demand import Reading
from autoscaler.prometheus.client import PrometheusClient, QueryRefusedError, Row
from autoscaler.prometheus.trust import no_participants, nothing_read
from autoscaler.resources.demand import DemandQuery


class OwnQueries:
    """Reads queries that others wrote: their targets are unknown, and what they mean by zero."""

    def __init__(self, client: PrometheusClient) -> None:
        self._client = client
        self._defaults: dict[str, float | None] = {}

    def read(self, demand: DemandQuery, *, now: int) -> Reading:
        """Read one pool. Raises PrometheusError."""
        query, limit = demand.query or "", demand.stale_after_seconds
        # By itself Prometheus repeats a sample for five minutes, here only while it is not stale.
        # Servers that do not know this parameter, such as Prometheus 2.42, go on repeating it.
        rows, state = self._client.instant(query, lookback_delta=f"{limit}s"), DemandState.OBSERVED
        if not rows:
            rows, state = self._client.instant(query), DemandState.STALE
        if not rows:
            return nothing_read("the query gives no series")
        if len(rows) > 1:
            return nothing_read(
                f"the query gives {len(rows)} series that differ in {_differing(rows)}:"
                " it must give one, as sum() does"
            )
        if refusal := no_participants(value := value_of(rows[0])):
            return nothing_read(f"the query gives {refusal}")
        if value == self.default(query):
            return nothing_read(
                f"the query gives {value:g} even where there is no data, so that {value:g} proves"
                " nothing: leave out the default, such as `or vector(0)`"
            )
        if state is DemandState.STALE:
            reason = f"every sample is older than staleAfterSeconds {limit}"
            return Reading(demand=_demand(state, value, None), reason=reason)
        state = state if value > 0.0 else DemandState.ZERO
        return Reading(demand=_demand(state, value, now))

    def default(self, query: str) -> float | None:
        """Return what `query` answers where there is no data at all; None where it answers nothing.

        It is asked once, about the year 1970.
        """
        if query not in self._defaults:
            try:
                rows = self._client.instant(query, time="0")
            except QueryRefusedError:
                return None  # some stores do not look back that far
            self._defaults[query] = value_of(rows[0]) if len(rows) == 1 else None
        return self._defaults[query]


def value_of(row: Row) -> float:
    """Return an instant row's number; NaN for a histogram."""
    return float(row["value"][1]) if "value" in row else math.nan


def _differing(rows: Sequence[Row]) -> str:
    keys = sorted({key for row in rows for key in row["metric"]})
    return ", ".join(key for key in keys if len({row["metric"].get(key) for row in rows}) > 1)


def _demand(state: DemandState, participants: float, sample_time: int | None) -> Demand:
    return Demand(state=state, participants=participants, sample_time=sample_time)
