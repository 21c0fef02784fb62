"""Reading demand now: a group with one question, a pool with its own query by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from autoscaler.ports.demand import Reading
from autoscaler.prometheus.client import PrometheusClient, PrometheusSlowError, QueryRefusedError
from autoscaler.prometheus.evidence import doubted, jumped
from autoscaler.prometheus.facts import Evidence, Facts, by_pool
from autoscaler.prometheus.groups import Group
from autoscaler.prometheus.own_query import OwnQueries
from autoscaler.prometheus.promql import Questions
from autoscaler.prometheus.trust import judge
from autoscaler.resources.sfupool import SFUPool


class Reader(Protocol):
    """Some pools, and how to read them together."""

    @property
    def pools(self) -> Sequence[SFUPool]:
        """The pools read."""
        ...

    def read(self, *, now: int) -> Mapping[str, Reading]:
        """Read each, keyed by `namespace/name`. Raises PrometheusError."""
        ...


class GroupReader:
    """Reads a group with one request, and asks again only about pools that are not as usual."""

    def __init__(self, group: Group, *, client: PrometheusClient) -> None:
        self._group = group
        self._client = client

    @property
    def pools(self) -> Sequence[SFUPool]:
        """The pools of the group."""
        return self._group.pools

    def read(self, *, now: int) -> Mapping[str, Reading]:
        """Read the group. Raises PrometheusError."""
        facts = self._facts()
        evidence = self._evidence([pool for pool in self.pools if jumped(facts[pool.key])])
        return {
            pool.key: doubted(
                judge(facts[pool.key], pool.spec.demand, now=now),
                facts[pool.key],
                evidence.get(pool.key, Evidence()),
            )
            for pool in self.pools
        }

    def _facts(self) -> Mapping[str, Facts]:
        rows = self._client.instant(Questions(self._group).now())
        facts = {pool.key: Facts() for pool in self.pools} | by_pool(rows, self._group, Facts)
        if suspicious := [pool for pool in self.pools if facts[pool.key].suspicious]:
            group = self._group.narrowed(suspicious)
            rows = self._client.instant(Questions(group).missing())
            for key, told in by_pool(rows, group, Facts).items():
                facts[key] = replace(facts[key], missing=told.missing)
        return facts

    def _evidence(self, jumping: Sequence[SFUPool]) -> Mapping[str, Evidence]:
        if not jumping:
            return {}
        group = self._group.narrowed(jumping)
        try:
            return by_pool(self._client.instant(Questions(group).evidence()), group, Evidence)
        except (QueryRefusedError, PrometheusSlowError):
            return {}  # nothing contradicts


class OwnReader:
    """Reads one pool by its own query."""

    def __init__(self, pool: SFUPool, *, queries: OwnQueries) -> None:
        self._pool = pool
        self._queries = queries

    @property
    def pools(self) -> Sequence[SFUPool]:
        """The one pool."""
        return (self._pool,)

    def read(self, *, now: int) -> Mapping[str, Reading]:
        """Read the pool. Raises PrometheusError."""
        return {self._pool.key: self._queries.read(self._pool.spec.demand, now=now)}
