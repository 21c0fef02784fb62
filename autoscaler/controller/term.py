"""One term of leading: everything that the operator knows and holds, made anew for each.

What was learned in an earlier term may have been overtaken by another operator since, so nothing
but what is kept in the cluster goes from one term to the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from autoscaler.controller.loop import Loop
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.reporter import Reporter
from autoscaler.controller.statekeeper import StateKeeper


class Leadership(Protocol):
    """Whose turn it is to write."""

    @property
    def term(self) -> int | None:
        """The number of this operator's term; None while it has none."""
        ...

    @property
    def looked(self) -> bool:
        """Whether it is known that it has none, or has one."""
        ...

    def holds(self, term: int | None) -> bool:
        """Say whether this term is surely not over."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """What one term works with; `outbox` sends only while the term holds."""

    number: int
    loop: Loop
    reporter: Reporter
    keeper: StateKeeper
    outbox: Outbox


Begin = Callable[[int], Term]
"""Makes a term of this number: its state is what the cluster kept. Raises KubernetesError."""
