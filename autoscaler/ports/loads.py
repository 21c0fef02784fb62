"""Where it is told what servers carry."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from autoscaler.capacity.samples import Samples
from autoscaler.resources.sfupool import SFUPool


class LoadSource(Protocol):
    """One set of queries per preset for all pools, not one per pool."""

    def loads(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Samples]:
        """Return what each pool's servers carried lately, by `namespace/name`.

        A pool whose SFU tells no load has none. Raises PrometheusError without any answer.
        """
        ...
