"""The journal: a line for each tick and one for each forecast; together they replay exactly."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from autoscaler.engine.codec import Json, canonical, decode, decode_state, encode
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import Decision
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State
from autoscaler.engine.step import DEFAULTS, step
from autoscaler.errors import SpecError
from autoscaler.planner.weeks import WeeklyPeaks
from forecast.result import Forecast


@dataclass(frozen=True, slots=True)
class Replayed:
    """A tick's decision as it was written down, and as `step` takes it now; equal bytes."""

    at: int
    recorded: bytes
    again: bytes


class JournalLines:
    """Turns ticks into lines. Forecasts are large and rare: each is written once, by its digest."""

    def __init__(self) -> None:
        self._forecast: Forecast | None = None
        self._weeks: WeeklyPeaks | None = None
        self._digest = ""

    def of(
        self, *, before: State, observation: Observation, decision: Decision
    ) -> tuple[bytes, ...]:
        """Return the lines of one tick, without newlines, each one JSON object.

        `before` and `observation` as `engine.refresh` left them, so that a new forecast is in the
        state already; a history that is still there is written too, weeks of it, and the record
        that a forecast made of it goes on from.
        """
        lines: list[bytes] = []
        if before.forecast is not self._forecast or before.weeks is not self._weeks:
            self._forecast, self._weeks, self._digest = before.forecast, before.weeks, ""
            if before.forecast is not None:
                body = canonical(before.forecast) + canonical(before.weeks)
                self._digest = hashlib.sha256(body).hexdigest()[:16]
                lines.append(
                    _line(
                        "forecast",
                        digest=self._digest,
                        forecast=before.forecast,
                        weeks=before.weeks,
                    )
                )
        lines.append(
            _line(
                "tick",
                at=observation.now,
                before={
                    "pools": dict(before.pools),
                    "links": dict(before.links),
                    "forecast": self._digest,
                    "record": None if observation.history is None else before.record,
                },
                observation=observation,
                decision=decision,
            )
        )
        return tuple(lines)


def replay(lines: Iterable[str | bytes], *, config: EngineConfig = DEFAULTS) -> Iterator[Replayed]:
    """Take every tick of a journal again. Raises SpecError for a line that cannot be read."""
    forecasts: dict[str, State] = {"": State.empty()}
    for number, line in enumerate(lines, start=1):
        entry = _read(line, number)
        if entry.get("kind") == "forecast":
            kept = {name: entry.get(name) for name in ("forecast", "weeks")}
            forecasts[str(entry["digest"])] = decode_state({"pools": {}, **kept})
            continue
        before = entry["before"]
        assert isinstance(before, dict)
        digest = str(before["forecast"])
        if digest not in forecasts:
            raise SpecError(f"journal line {number}: forecast {digest} is not in this journal")
        kept = {name: before.get(name) for name in ("pools", "links", "record")}
        state = decode_state(kept)
        # One object per forecast: what `step` derives from it is reused from tick to tick.
        known = forecasts[digest]
        state = replace(state, forecast=known.forecast, weeks=known.weeks)
        observation = decode(Observation, entry["observation"])
        decision, _ = step(observation, state, config=config)
        yield Replayed(observation.now, canonical(entry["decision"]), canonical(decision))


def _line(kind: str, **parts: object) -> bytes:
    return canonical({"kind": kind, **{name: encode(part) for name, part in parts.items()}})


def _read(line: str | bytes, number: int) -> dict[str, Json]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise SpecError(f"journal line {number} is not JSON: {error}") from error
    if not isinstance(entry, dict) or entry.get("kind") not in ("forecast", "tick"):
        raise SpecError(f"journal line {number}: kind must be 'forecast' or 'tick'")
    return entry
