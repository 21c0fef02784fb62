"""The journal as a file: `engine.journal` says what its lines are, and replays them."""

import logging
from pathlib import Path

from autoscaler.engine.decision import Decision
from autoscaler.engine.journal import JournalLines
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State

LOG = logging.getLogger(__name__)


class FileJournal:
    """Appends to a file, a tick at a time; only whole lines count."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises OSError."""
        self._file = path.open("ab")
        self._lines = JournalLines()
        self._failed = False

    def append(self, *, before: State, observation: Observation, decision: Decision) -> None:
        """Write down one tick. Never raises; the first failure in a row is logged."""
        lines = self._lines.of(before=before, observation=observation, decision=decision)
        try:
            self._file.write(b"".join(line + b"\n" for line in lines))
            self._file.flush()
        except OSError as error:
            if not self._failed:
                LOG.error("journal %s: %s", self._file.name, error)
            self._failed = True
            self._lines = JournalLines()  # the forecast may be among what is lost
            return
        self._failed = False

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class NoJournal:
    """Where no file was named."""

    def append(self, *, before: State, observation: Observation, decision: Decision) -> None:
        """Forget the tick."""

    def close(self) -> None:
        """Do nothing."""
