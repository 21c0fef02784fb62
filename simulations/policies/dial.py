"""The one number of each policy that moves cost against risk, and how a policy is made with it."""

from collections.abc import Callable
from dataclasses import dataclass

from simulations.policy import Orders, Policy, PolicyView, Removal, WorldFacts


@dataclass(frozen=True, slots=True)
class Dial:
    """A policy's dial: what it is called, its default, and a sensible grid in ascending order.

    The grid's ends are the least and the most that the dial takes. A default of None leaves to
    every pool what its own resource says.
    """

    name: str
    default: float | None
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """A policy by name: `make` takes the dial's value, None for its default.

    `source` names what it mirrors and the version; a policy without a dial has nothing to turn.
    """

    make: Callable[[float | None], Policy]
    dial: Dial | None
    source: str


@dataclass(slots=True)
class Labelled:
    """A policy under a name of its own, where several settings of its dial run side by side."""

    policy: Policy
    name: str

    @property
    def period_seconds(self) -> int:
        """The policy's own."""
        return self.policy.period_seconds

    @property
    def removal(self) -> Removal:
        """The policy's own."""
        return self.policy.removal

    def reset(self, facts: WorldFacts) -> None:
        """Pass it on."""
        self.policy.reset(facts)

    def decide(self, view: PolicyView) -> Orders:
        """Pass it on."""
        return self.policy.decide(view)
