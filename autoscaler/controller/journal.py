"""The journal as a file: `engine.journal` says what its lines are, and replays them."""

import contextlib
import errno
import logging
import os
from pathlib import Path

from autoscaler.engine.decision import Decision
from autoscaler.engine.journal import JournalLines
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State

LOG = logging.getLogger(__name__)


class FileJournal:
    """Appends to a file, a tick at a time, each in one write; half a tick is taken back."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises OSError."""
        self._file = path.open("ab", buffering=0)
        self._size = self._file.seek(0, os.SEEK_END)
        self._lines = JournalLines()
        self._failed = False

    def append(self, *, before: State, observation: Observation, decision: Decision) -> None:
        """Write down one tick. Never raises; the first failure in a row is logged."""
        lines = self._lines.of(before=before, observation=observation, decision=decision)
        body = b"".join(line + b"\n" for line in lines)
        try:
            if self._file.write(body) < len(body):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            if not self._failed:
                LOG.error("journal %s: %s", self._file.name, error.strerror)
            self._failed = True
            self._lines = JournalLines()  # the forecast may be among what is lost
            with contextlib.suppress(OSError):
                self._file.truncate(self._size)
            return
        self._failed, self._size = False, self._size + len(body)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class NoJournal:
    """Where no file was named."""

    def append(self, *, before: State, observation: Observation, decision: Decision) -> None:
        """Forget the tick."""

    def close(self) -> None:
        """Do nothing."""
