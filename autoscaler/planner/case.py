"""What the guards look at, and the number they pass on."""

from dataclasses import dataclass, field
from typing import NamedTuple

from autoscaler.planner.inventory import Controls, Inventory
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.require import Requirement
from autoscaler.planner.run_out import RunOut
from autoscaler.planner.settings import PoolSettings
from autoscaler.planner.state import PoolState


class Case(NamedTuple):
    """One pool at one tick, everything that a guard may rest on.

    `previous` is the floor in force. `state` is as remembered, with demand, surge, lead times and
    launches of this tick taken in; `peaks` are the needs of the stabilization window. `blind`:
    demand cannot be trusted; `censored`: it is a lower bound; `hangs`: it stands still while it
    should move. `link_servers` are the most that the pool's links can feed (None: not limited),
    `link` the tightest of them, and `link_participants` the pool's share of what that carries.
    `limits` are those that growth will run into.
    """

    now: int
    settings: PoolSettings
    inventory: Inventory
    controls: Controls
    requirement: Requirement
    state: PoolState
    previous: int
    blind: bool
    censored: bool
    demand_state: str
    peaks: tuple[tuple[int, int], ...]
    link_servers: int | None = None
    link: str = ""
    link_participants: float = 0.0
    limits: tuple[RunOut, ...] = ()
    hangs: bool = False

    def limit(self, name: str, **inputs: float | int | str) -> Inputs:
        """Return a limit's inputs, with the demand at which it bites and the dates when it will."""
        for each in self.limits:
            if each.name == name:
                dates = {"dateP50": each.date_p50, "dateP90": each.date_p90}
                known = {key: date for key, date in dates.items() if date is not None}
                return {**inputs, "bitesAt": each.demand, **known}
        return inputs

    @property
    def surge(self) -> bool:
        """Whether the pool is in a surge."""
        return self.state.surge.since is not None

    @property
    def pinned(self) -> int | None:
        """The pin in force, if there is one."""
        controls = self.controls
        return controls.pinned if self.now < controls.pin_until else None

    @property
    def observed(self) -> int:
        """What observed demand needs inside the bounds; no ceiling or approval holds it back."""
        limits = self.settings.limits
        return min(self.requirement.observed, limits.max_servers)

    @property
    def askable(self) -> int:
        """What is wanted within the time that an approval takes, as far as it can be had."""
        limits = self.settings.limits
        most = limits.max_servers
        if limits.quota is not None:
            most = min(most, limits.quota)
        return min(self.requirement.ahead, most)


@dataclass(slots=True, kw_only=True)
class Draft:
    """The number on its way through the guards.

    `least` is what no later guard may go below. `ask` is what a person is asked to approve (0:
    nothing).
    """

    number: int
    least: int = 0
    ask: int = 0
    reasons: list[Reason] = field(default_factory=list)

    def become(self, number: int, code: ReasonCode, inputs: Inputs) -> None:
        """Change the number and say why; the same number needs no reason."""
        number = max(number, self.least)
        if number != self.number:
            self.reasons.append(Reason(code, self.number, number, inputs))
            self.number = number

    def hold(self, least: int, code: ReasonCode, inputs: Inputs) -> None:
        """Raise the number to `least` if it is below, and let no later guard go below it."""
        self.least = max(self.least, least)
        self.become(max(self.number, least), code, inputs)

    def cap(self, ceiling: int, code: ReasonCode, inputs: Inputs) -> None:
        """Lower the number to `ceiling` if it is above."""
        self.become(min(self.number, ceiling), code, inputs)
