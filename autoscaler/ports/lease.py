"""The one lease of which whoever holds it is the operator that writes."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecord:
    """What the lease said when it was last read or written.

    `holder` is empty where it was given back, `seconds` how long its holder may go without
    renewing, `transitions` how often it changed hands. `revision` is opaque: a change carries it,
    so that it fails when anything changed since. Its times are left out: they are another clock's.
    """

    uid: str
    revision: str
    holder: str
    seconds: float
    transitions: int


class Lease(Protocol):
    """Every method raises KubernetesError, and a change WriteConflictError when it comes too late.

    `now` is epoch seconds, for people who read the lease.
    """

    def read(self) -> LeaseRecord | None:
        """Return what it says; None: there is none yet."""
        ...

    def take(
        self, seen: LeaseRecord | None, *, holder: str, seconds: float, now: int
    ) -> LeaseRecord:
        """Become its holder, if it is still as it was seen."""
        ...

    def renew(self, seen: LeaseRecord, *, now: int) -> LeaseRecord:
        """Say that its holder goes on, if it is still as it was seen."""
        ...

    def give_back(self, seen: LeaseRecord, *, now: int) -> None:
        """Let whoever waits take it at once, if it is still as it was seen."""
        ...
