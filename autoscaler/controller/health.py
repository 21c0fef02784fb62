"""Whether the loop lives: its own heartbeat, never the API server's health."""

from autoscaler.ports.clock import Clock


class Health:
    """Alive while the loop beats; ready once it leads or stands by, and could do what that asks.

    Who leads is ready from the first complete tick of its term on; who stands by, once it saw the
    lease. `role` says which of the two it was last.
    """

    def __init__(self, clock: Clock, *, patience: float) -> None:
        """`patience`: seconds without a heartbeat after which a restart is the better chance."""
        self._clock = clock
        self._patience = patience
        self._beat_at = clock.monotonic()
        self.role = ""

    @property
    def ready(self) -> bool:
        """Whether a role was ever filled: once ready, it stays so."""
        return bool(self.role)

    def beat(self) -> None:
        """Say that the loop came round, with whatever result."""
        self._beat_at = self._clock.monotonic()

    @property
    def age(self) -> float:
        """Seconds since the last heartbeat."""
        return self._clock.monotonic() - self._beat_at

    @property
    def alive(self) -> bool:
        """Whether the loop came round lately."""
        return self.age < self._patience
