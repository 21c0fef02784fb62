"""Whether the loop lives: its own heartbeat, never the API server's health."""

from autoscaler.ports.clock import Clock


class Health:
    """Alive while the loop beats; ready from the first complete tick on, leader or not."""

    def __init__(self, clock: Clock, *, patience: float) -> None:
        """`patience`: seconds without a heartbeat after which a restart is the better chance."""
        self._clock = clock
        self._patience = patience
        self._beat_at = clock.monotonic()
        self.ready = False

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
