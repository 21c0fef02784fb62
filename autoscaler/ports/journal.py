"""Where decisions are written down with all that they rested on."""

from typing import Protocol

from autoscaler.engine.decision import Decision
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State


class Journal(Protocol):
    """What is written down of each tick gives the same decision again (`engine.journal`)."""

    def append(self, *, before: State, observation: Observation, decision: Decision) -> None:
        """Write down one tick. Never raises: a full disk must not stop the scaling."""
        ...

    def close(self) -> None:
        """Write out what is still held back."""
        ...
