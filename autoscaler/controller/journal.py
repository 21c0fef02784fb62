"""The journal as a file of JSON lines, and how it is read back.

A line holds the observation and the decision of one tick. The state before it is there where it does
not follow from the line before: at the start, after a restart, and with each new forecast. So a file
replays from its first line or from any of those, and grows by what is new.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from autoscaler.engine.codec import canonical, decode, decode_state, encode, encode_state
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import Decision
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State
from autoscaler.engine.step import step

LOG = logging.getLogger(__name__)


class FileJournal:
    """Appends to a file, one line at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises OSError."""
        self._file: TextIO = path.open("a", encoding="utf-8")
        self._after: State | None = None
        self._failed = False

    def append(
        self, *, before: State, observation: Observation, decision: Decision, after: State
    ) -> None:
        """Write down one tick. Never raises; the first failure in a row is logged."""
        line = {"observation": encode(observation), "decision": encode(decision)}
        if before is not self._after:
            line["state"] = encode_state(before)
        try:
            self._file.write(canonical(line).decode() + "\n")
            self._file.flush()
        except OSError as error:
            if not self._failed:
                LOG.error("journal %s: %s", self._file.name, error)
            self._failed, self._after = True, None
            return
        self._failed, self._after = False, after

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class NoJournal:
    """Where no file was named."""

    def append(
        self, *, before: State, observation: Observation, decision: Decision, after: State
    ) -> None:
        """Forget the tick."""

    def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tick read back; `state` is there where the chain begins anew."""

    observation: Observation
    decision: Decision
    state: State | None


def entries(lines: Iterable[str]) -> Iterator[Entry]:
    """Read a journal. Raises SpecError for a line that this version cannot read."""
    for line in lines:
        body = json.loads(line)
        state = body.get("state")
        yield Entry(
            observation=decode(Observation, body["observation"]),
            decision=decode(Decision, body["decision"]),
            state=None if state is None else decode_state(state),
        )


def replay(
    journal: Iterable[Entry], *, config: EngineConfig
) -> Iterator[tuple[Decision, Decision]]:
    """Yield each decision as it was journalled and as the engine makes it now."""
    state = State.empty()
    for entry in journal:
        if entry.state is not None:
            state = entry.state
        decision, state = step(entry.observation, state, config=config)
        yield entry.decision, decision
