"""The engine's state between restarts: what is kept, and when it is written.

Several documents, because they change at different times: pools and links with every order and
flip, the weeks, the forecast and the record of those before once in a quarter-hour, what was
measured once an hour; and forecast and record are a hundred times the size.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from autoscaler.controller.outbox import Outbox
from autoscaler.engine.codec import decode, decode_measured, decode_state, encode
from autoscaler.engine.state import State
from autoscaler.errors import SpecError
from autoscaler.ports.store import Store
from forecast.record import Record

LOG = logging.getLogger(__name__)
PERIOD = 60
POOLS, LINKS, FORECAST, WEEKS = "pools", "links", "forecast", "weeks"
RECORD, MEASURED = "record", "measured"


class StateKeeper:
    """Loads the state once, and keeps it: flips at once, the rest by the minute."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox
        self._kept: State | None = None
        self._kept_at = 0
        self._flags: Mapping[str, tuple[bool, bool]] = {}

    def load(self) -> State:
        """Return what was kept, the empty state where nothing was. Raises KubernetesError."""
        documents = self._store.load()
        state = State.empty()
        try:
            if POOLS in documents:
                alone = (RECORD, MEASURED)
                body = {key: json.loads(documents[key]) for key in documents if key not in alone}
                state = decode_state(body)
        except (SpecError, ValueError) as error:
            LOG.warning("the state that was kept cannot be read, starting without: %s", error)
        try:
            if record := json.loads(documents.get(RECORD, "null")):
                state = replace(state, record=decode(Record, record))
        except (SpecError, ValueError) as error:
            LOG.warning("the record of forecasts cannot be read, beginning anew: %s", error)
        try:
            if measured := json.loads(documents.get(MEASURED, "null")):
                state = replace(state, measured=decode_measured(measured))
        except (SpecError, ValueError) as error:
            LOG.warning("what was measured cannot be read, beginning anew: %s", error)
        self._kept = state
        return state

    def keep(self, state: State, *, now: int, at_once: bool = False) -> None:
        """Write what has changed, outside the tick."""
        flags = {
            name: (pool.blind_since is None, pool.surge.since is None)
            for name, pool in state.pools.items()
        }
        if not at_once and flags == self._flags and now - self._kept_at < PERIOD:
            return
        before, self._kept, self._kept_at, self._flags = self._kept, state, now, flags
        self._outbox.put("state/pools", partial(self._save, POOLS, state))
        if state.links:
            self._outbox.put("state/links", partial(self._save, LINKS, state))
        if before is None or before.forecast is not state.forecast:
            self._outbox.put("state/forecast", partial(self._save, FORECAST, state))
        if state.weeks is not None and (before is None or before.weeks is not state.weeks):
            self._outbox.put("state/weeks", partial(self._save, WEEKS, state))
        if before is None or before.record is not state.record:
            self._outbox.put("state/record", partial(self._save, RECORD, state))
        if before is None or before.measured is not state.measured:
            self._outbox.put("state/measured", partial(self._save, MEASURED, state))

    def _save(self, key: str, state: State) -> None:
        body = encode(getattr(state, key))
        self._store.save(key, json.dumps(body, sort_keys=True, separators=(",", ":")))
