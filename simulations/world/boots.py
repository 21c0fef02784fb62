"""How long each launched server boots, drawn before anybody orders one."""

import math
from dataclasses import dataclass

import numpy as np

from simulations.scenario.supply import Boot
from simulations.world.lognormal import Lognormal
from simulations.world.streams import stream


@dataclass(frozen=True, slots=True)
class BootTimes:
    """The n-th launch of a pool takes `ticks[n]`, whoever launches it; `fails[n]`: it never serves.

    A failed one is given up after its `ticks`. `luck[n]` (0 to 100, low is bad) decides where more
    boots fail than usual; then they are given up after `give_up_ticks`. Launches beyond the drawn
    ones begin again at the first.
    """

    ticks: tuple[int, ...]
    fails: tuple[bool, ...]
    luck: tuple[float, ...] = (100.0,)
    give_up_ticks: int = 1

    def outcome(self, launch: int, *, slower: float, failing: float) -> tuple[int, bool]:
        """Return how many ticks a launch takes, and whether it fails.

        `slower` multiplies the time of a boot that serves; `failing` percent fail at least.
        """
        draw = launch % len(self.ticks)
        if self.fails[draw]:
            return self.ticks[draw], True
        if self.luck[launch % len(self.luck)] < failing:
            return self.give_up_ticks, True
        return max(math.ceil(self.ticks[draw] * slower), 1), False

    @property
    def mean_ticks(self) -> float:
        """Mean over the boots that serve."""
        served = [ticks for ticks, fails in zip(self.ticks, self.fails, strict=True) if not fails]
        return sum(served) / max(len(served), 1)

    @property
    def ticks_per_server(self) -> tuple[int, ...]:
        """Ticks of boot paid for each server that serves, of failed ones before it included."""
        spent, per_server = 0, []
        for ticks, fails in zip(self.ticks, self.fails, strict=True):
            spent += ticks
            if not fails:
                per_server.append(spent)
                spent = 0
        return tuple(per_server)


def boot_times(boot: Boot, *, pool: str, seed: int, tick_seconds: int, count: int) -> BootTimes:
    """Draw the first `count` boots of a pool; durations are rounded up to whole ticks."""
    rng = stream(seed, "boots", pool)
    seconds = Lognormal(boot.p50_seconds, boot.p95_seconds).draw(rng, count)
    luck = rng.random(count) * 100.0
    fails = luck < boot.failed_percent
    seconds = np.where(fails, boot.give_up_seconds, seconds)
    ticks = np.maximum(np.ceil(np.round(seconds) / tick_seconds), 1).astype(np.int64)
    return BootTimes(
        ticks=tuple(ticks.tolist()),
        fails=tuple(fails.tolist()),
        luck=tuple(luck.tolist()),
        give_up_ticks=-(-boot.give_up_seconds // tick_seconds),
    )
