"""What links carry, by their owners' own queries: one request for each, every half a minute."""

import math
from collections.abc import Mapping, Sequence

from autoscaler.errors import PrometheusError
from autoscaler.ports.demand import Usage
from autoscaler.prometheus.client import PrometheusClient, PrometheusDownError
from autoscaler.prometheus.own_query import value_of
from autoscaler.resources.egresslink import EgressLink

PERIOD_SECONDS = 30
"""Links are planned by the hour, and billed by five minutes."""
_FRESH = "60s"
"""Prometheus repeats a sample for five minutes, here for one."""


class LinkUsage:
    """Reads links, and remembers what was read while it is young."""

    def __init__(self, client: PrometheusClient) -> None:
        self._client = client
        self._read: dict[tuple[str, str], tuple[int, Usage]] = {}

    def read(self, links: Sequence[EgressLink], *, now: int) -> Mapping[str, Usage]:
        """Return what each link with a query carries, by `namespace/name`. Never raises."""
        asked = {
            (link.key, link.spec.usage.query): link.key
            for link in links
            if link.spec.usage is not None
        }
        kept = {
            key: found
            for key, found in self._read.items()
            if key in asked and 0 <= now - found[0] < PERIOD_SECONDS
        }
        silence = ""
        for key in sorted(asked.keys() - kept.keys()):
            try:
                usage = Usage(None, silence) if silence else self._ask(key[1])
            except PrometheusDownError as error:
                silence = str(error)
                usage = Usage(None, silence)
            except PrometheusError as error:
                usage = Usage(None, str(error))
            kept[key] = (now, usage)
        self._read = kept
        return {asked[key]: usage for key, (_, usage) in kept.items()}

    def _ask(self, query: str) -> Usage:
        rows = self._client.instant(query, lookback_delta=_FRESH)
        if len(rows) != 1:
            return Usage(None, f"usage.query gives {len(rows) or 'no'} series: it must give one")
        bits = value_of(rows[0])
        if not math.isfinite(bits) or bits < 0.0:
            return Usage(None, f"usage.query gives {bits:g}, which is no number of bit/s")
        return Usage(bits / 1e6)
