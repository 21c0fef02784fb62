"""Scrape targets that play demand, on loopback: each can follow time, freeze, or drop dead.

The values of a target are functions of time, so that the same target can also tell its past
(`history`), which Prometheus then holds as if it had been scraping all along.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

Value = float | Callable[[float], float]
"""A constant, or a function of epoch seconds."""


@dataclass(frozen=True, slots=True)
class History:
    """Samples of one series, oldest first: (epoch seconds, value)."""

    series: str
    samples: Iterator[tuple[float, float]]


class Target:
    """One scrape target; `address` is its host and port."""

    def __init__(self, series: Mapping[str, Value], labels: Mapping[str, str]) -> None:
        self.labels = dict(labels)
        self.scrapes = 0
        self._series = dict(series)
        self._frozen_at: float | None = None
        self._dropped = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def set(self, series: str, value: Value) -> None:
        """Give a series (`name` or `name{label="value"}`) another value, or add it."""
        self._series = {**self._series, series: value}

    def drop(self) -> None:
        """Answer scrapes with 503 from now on: Prometheus sees the target down."""
        self._dropped = True

    def restore(self) -> None:
        """Answer scrapes again, with values that follow time again."""
        self._dropped = False
        self._frozen_at = None

    def freeze(self) -> None:
        """Go on answering, with the values of this moment."""
        self._frozen_at = time.time()

    def text(self) -> str | None:
        """Return what a scrape sees now; None when it is refused."""
        self.scrapes += 1
        if self._dropped:
            return None
        now = time.time() if self._frozen_at is None else self._frozen_at
        return "".join(f"{name} {_at(value, now)}\n" for name, value in self._series.items())

    def history(self, *, job: str, start: float, end: float, step: float) -> list[History]:
        """Return what scrapes every `step` seconds from `start` to `end` would have stored."""
        where = {"instance": self.address, "job": job, **self.labels}
        count = int((end - start) // step) + 1
        times = [start + step * i for i in range(count)]

        def samples(value: Value) -> Iterator[tuple[float, float]]:
            return ((t, _at(value, t)) for t in times)

        up: Mapping[str, Value] = {"up": 1.0}
        return [
            History(_with_labels(name, where), samples(value))
            for name, value in {**self._series, **up}.items()
        ]

    def close(self) -> None:
        """Stop listening: scrapes are refused."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Recorded(Target):
    """One scrape target that always answers with the same text, as some real one did."""

    def __init__(self, text: str, labels: Mapping[str, str]) -> None:
        super().__init__({}, labels)
        self._text = text

    def text(self) -> str:
        """Return the recorded text."""
        self.scrapes += 1
        return self._text


class Exporter:
    """Several targets, closed together."""

    def __init__(self) -> None:
        self.targets: list[Target] = []

    def target(self, series: Mapping[str, Value], **labels: str) -> Target:
        """Add a target that exports `series`; `labels` are given to it by the scrape config."""
        target = Target(series, labels)
        self.targets.append(target)
        return target

    def recorded(self, text: str, **labels: str) -> Target:
        """Add a target that answers with `text`."""
        target = Recorded(text, labels)
        self.targets.append(target)
        return target

    def livekit(self, pool: str, participants: Value, **more: Value) -> Target:
        """Add a target that looks like one LiveKit server of `pool`.

        `more` are further series by their name without the prefix `livekit_`, such as
        `room_total=12`.
        """
        series = {"participant_total": participants, **more}
        return self.target(
            {f"livekit_{name}": value for name, value in series.items()}, sfu_pool=pool
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for target in self.targets:
            target.close()


def _at(value: Value, moment: float) -> float:
    return float(value(moment) if callable(value) else value)


def _with_labels(series: str, labels: Mapping[str, str]) -> str:
    name, _, own = series.partition("{")
    pairs = [own.rstrip("}")] if own.rstrip("}") else []
    pairs += [f'{key}="{value}"' for key, value in labels.items()]
    return f"{name}{{{','.join(pairs)}}}"


def _handler(target: Target) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = target.text()
            body = (text or "").encode()
            self.send_response(503 if text is None else 200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
