"""`DemandSource` on Prometheus."""

import time
from collections.abc import Callable, Mapping, Sequence

import requests

from autoscaler.errors import PrometheusError
from autoscaler.ports.demand import BookingsRead, Reading, Usage
from autoscaler.prometheus.bins import BIN_SECONDS, Bins
from autoscaler.prometheus.booked import read_bookings
from autoscaler.prometheus.catch_up import catch_up
from autoscaler.prometheus.client import PrometheusClient, PrometheusDownError
from autoscaler.prometheus.groups import grouped
from autoscaler.prometheus.link_usage import LinkUsage
from autoscaler.prometheus.own_query import OwnQueries
from autoscaler.prometheus.past import GroupPast, OwnPast, series_id
from autoscaler.prometheus.reader import GroupReader, OwnReader, Reader
from autoscaler.prometheus.trust import nothing_read
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.sfupool import SFUPool
from forecast.history import History

HISTORY_BINS = 29 * 96
"""What the forecaster looks at: four weeks, and the hours since its last fit."""
RANGE_SECONDS = 30.0


class PrometheusDemand:
    """One query for all pools of a preset, and one for each pool that brings its own.

    A request of `read` waits `timeout_seconds` at most, one of `history` half a minute, and none is
    retried; `read` starts none after twice its timeout, `history` none after `history_seconds`.
    Not for several threads at once.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_seconds: float = 5.0,
        history_seconds: float = 120.0,
        session: requests.Session | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = PrometheusClient(
            url,
            instant_seconds=timeout_seconds,
            range_seconds=min(RANGE_SECONDS, history_seconds),
            session=session,
        )
        self._own_queries = OwnQueries(self._client)
        self._link_usage = LinkUsage(self._client)
        self._bins = Bins(HISTORY_BINS)
        self._read_seconds = 2.0 * timeout_seconds
        self._history_seconds = history_seconds
        self._monotonic = monotonic

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def read(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Reading]:
        """Read every pool's demand, keyed by `namespace/name`; one that cannot be read says why.

        Ages are measured by Prometheus' own clock; `now` only dates them.
        """
        readings: dict[str, Reading] = {}
        out_of_time, silence = self._timer(self._read_seconds), ""
        for reader in self._readers(pools):
            if not silence and out_of_time():
                silence = f"Prometheus did not get to it within {self._read_seconds:g} s"
            try:
                answer = _unread(reader, silence) if silence else reader.read(now=now)
            except PrometheusDownError as error:
                silence = str(error)
                answer = _unread(reader, silence)
            except PrometheusError as error:
                answer = _unread(reader, str(error))
            readings.update(answer)
        return readings

    def usage(self, links: Sequence[EgressLink], *, now: int) -> Mapping[str, Usage]:
        """Read what links with a query of their own carry, at most every half a minute."""
        return self._link_usage.read(links, now=now)

    def history(self, pools: Sequence[SFUPool], *, now: int) -> History:
        """Return 29 days up to the last full quarter-hour, of which only what is new is fetched.

        What Prometheus does not have is missing, and so is what it could not tell in time: the next
        call asks for that again. Raises PrometheusError when it tells nothing at all.
        """
        series = {pool.key: series_id(pool.spec.demand) for pool in pools}
        self._bins.move(tuple(series.values()), end=now // BIN_SECONDS * BIN_SECONDS)
        own = {series[pool.key]: pool for pool in pools if pool.spec.demand.query is not None}
        catch_up(
            self._bins,
            [
                *(GroupPast(group) for group in grouped(pools)),
                *(OwnPast(pool.spec.demand, queries=self._own_queries) for pool in own.values()),
            ],
            client=self._client,
            now=now,
            out_of_time=self._timer(self._history_seconds),
        )
        return self._bins.history(series)

    def bookings(self, pools: Sequence[SFUPool], *, history: History, now: int) -> BookingsRead:
        """Read what is booked, with one request for each pool that says where. Never raises."""
        return read_bookings(
            pools,
            history=history,
            now=now,
            client=self._client,
            out_of_time=self._timer(self._history_seconds),
        )

    def _readers(self, pools: Sequence[SFUPool]) -> Sequence[Reader]:
        """Share the pools out, groups first: somebody's slow query must not keep them waiting."""
        return (
            *(GroupReader(group, client=self._client) for group in grouped(pools)),
            *(
                OwnReader(pool, queries=self._own_queries)
                for pool in pools
                if pool.spec.demand.query is not None
            ),
        )

    def _timer(self, seconds: float) -> Callable[[], bool]:
        end = self._monotonic() + seconds
        return lambda: self._monotonic() >= end


def _unread(reader: Reader, why: str) -> Mapping[str, Reading]:
    return {pool.key: nothing_read(why) for pool in reader.pools}
