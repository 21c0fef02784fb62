"""What time it is."""

from typing import Protocol


class Clock(Protocol):
    """Two clocks, because one may be set and the other may not."""

    def now(self) -> int:
        """Return epoch seconds UTC: what decisions, status and events carry."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow: what durations and deadlines are measured with."""
        ...
