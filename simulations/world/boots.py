"""How long each launched server boots, drawn before anybody orders one."""

from dataclasses import dataclass

import numpy as np

from simulations.scenario.supply import Boot
from simulations.world.lognormal import Lognormal
from simulations.world.streams import stream


@dataclass(frozen=True, slots=True)
class BootTimes:
    """The n-th launch of a pool takes `ticks[n]`, whoever launches it; `fails[n]`: it never serves.

    A failed one is given up after its `ticks`. Launches beyond the drawn ones begin again at the
    first.
    """

    ticks: tuple[int, ...]
    fails: tuple[bool, ...]

    @property
    def mean_ticks(self) -> float:
        """Mean over the boots that serve."""
        served = [ticks for ticks, fails in zip(self.ticks, self.fails, strict=True) if not fails]
        return sum(served) / max(len(served), 1)


def boot_times(boot: Boot, *, pool: str, seed: int, tick_seconds: int, count: int) -> BootTimes:
    """Draw the first `count` boots of a pool; durations are rounded up to whole ticks."""
    rng = stream(seed, "boots", pool)
    seconds = Lognormal(boot.p50_seconds, boot.p95_seconds).draw(rng, count)
    fails = rng.random(count) * 100.0 < boot.failed_percent
    seconds = np.where(fails, boot.give_up_seconds, seconds)
    ticks = np.maximum(np.ceil(np.round(seconds) / tick_seconds), 1).astype(np.int64)
    return BootTimes(ticks=tuple(ticks.tolist()), fails=tuple(fails.tolist()))
