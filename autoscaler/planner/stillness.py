"""Demand that does not move by a single person: an exporter that hangs under fresh timestamps."""

from dataclasses import dataclass

STILL_SECONDS = 600
STILL_PARTICIPANTS = 50.0
"""Among 50 people who stay for half an hour somebody comes or goes three times a minute."""


@dataclass(frozen=True, slots=True)
class Stillness:
    """The number that was read last, and since when it has been exactly that (epoch seconds)."""

    participants: float | None = None
    since: int = 0

    def looked(self, participants: float | None, *, now: int) -> "Stillness":
        """Take in what was read, trusted or not; nothing read is no news."""
        if participants is None or participants == self.participants:
            return self
        return Stillness(participants, now)

    def hangs(self, participants: float, *, now: int) -> bool:
        """Say whether this number has stood longer than so many people stand still."""
        return (
            participants == self.participants
            and now - self.since >= STILL_SECONDS
            and participants >= STILL_PARTICIPANTS
        )


NOTHING_READ = Stillness()
