"""The one number of each policy that moves cost against risk, and how a policy is made with it."""

from collections.abc import Callable
from dataclasses import dataclass

from simulations.policy import Policy


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
