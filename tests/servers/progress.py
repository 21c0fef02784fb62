"""Progress of long builds: a bar for people, a line now and then for a log file."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

LOG_EVERY_SECONDS = 20.0

Advance = Callable[[int, int, str], None]
"""Called with what is done, of how much (0: nobody knows), and what is at hand."""


class Reporter:
    """Tells how far a build is."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)

    def say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False)

    @contextlib.contextmanager
    def task(self, title: str) -> Iterator[Advance]:
        """Show one task from begin to end."""
        started = time.monotonic()
        self.say(f"{title} ...")
        with self._bar() if self._console.is_terminal else self._lines() as advance:
            yield advance
        self.say(f"{title}: done in {time.monotonic() - started:.0f} s")

    @contextlib.contextmanager
    def _bar(self) -> Iterator[Advance]:
        columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            bar = progress.add_task("", total=None)

            def advance(done: int, of: int, what: str) -> None:
                progress.update(bar, completed=done, total=of or None, description=what)

            yield advance

    @contextlib.contextmanager
    def _lines(self) -> Iterator[Advance]:
        due = time.monotonic() + LOG_EVERY_SECONDS

        def advance(done: int, of: int, what: str) -> None:
            nonlocal due
            if time.monotonic() >= due:
                due = time.monotonic() + LOG_EVERY_SECONDS
                self.say(f"  {done}/{of} {what}" if of else f"  {done} {what}")

        yield advance
