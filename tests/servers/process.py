"""Child processes of the tests: own ports, logs in files, and never outliving the test run."""

from __future__ import annotations

import atexit
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.servers.errors import ServerError

PORTS = range(20_000, 32_000)
"""Below the range from which systems choose ports of outgoing connections: a server that is
stopped for a while finds its port still free."""

LOG_TAIL = 25
LEASH = Path(__file__).with_name("leash.py")


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    choose = random.SystemRandom().choice
    for _ in range(100):
        port = choose(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ServerError(f"no free port among {PORTS.start} to {PORTS.stop}")


def until(
    condition: Callable[[], object], *, what: str, timeout: float = 60.0, every: float = 0.1
) -> None:
    """Wait until `condition` is true; raise `ServerError` saying `what` did not happen in time."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise ServerError(f"{what}: not within {timeout:g} s")
        time.sleep(every)


class Process:
    """One server: started, stopped, killed, frozen."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        name: str,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        if self._child is None:
            raise ServerError(f"{self.name} was never started")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """What it ended with, negative for a signal; None while it runs or before it did."""
        return None if self._child is None else self._child.poll()

    def start(self) -> None:
        """Start it; its log is appended to."""
        if self.running:
            raise ServerError(f"{self.name} runs already")
        if threading.current_thread() is not threading.main_thread():
            # The kernel takes the death of the starting thread for the parent's death.
            raise ServerError(f"{self.name} must be started from the main thread")
        leash = [sys.executable, "-S", "-E", str(LEASH), str(os.getpid())]
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                [*leash, *self._command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is pytest's: it tears down in order
            )
        atexit.register(self.kill)

    def await_ready(self, ready: Callable[[], bool], *, timeout: float = 60.0) -> None:
        """Wait until `ready`; a server that ends meanwhile or is late shows the end of its log."""

        def settled() -> bool:
            return not self.running or ready()

        try:
            until(settled, what=f"{self.name} ready", timeout=timeout, every=0.05)
        except ServerError as late:
            raise ServerError(f"{late}; its log ends:\n{self.log_tail()}") from None
        if not self.running:
            raise ServerError(f"{self.name} ended at once; its log ends:\n{self.log_tail()}")

    def stop(self, *, grace: float = 5.0) -> None:
        """Ask it to end (SIGTERM), and kill it when it does not within `grace` seconds."""
        if self._child is not None and self.running:
            self.resume()
            self._child.terminate()
            try:
                self._child.wait(grace)
            except subprocess.TimeoutExpired:
                self._child.kill()
        self.kill()

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        atexit.unregister(self.kill)
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def pause(self) -> None:
        """Freeze it (SIGSTOP): connections stay open, and nothing is answered."""
        self._signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)  # not before it stands

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def log_tail(self) -> str:
        """Return the last lines of its log."""
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "\n".join(lines[-LOG_TAIL:])

    def _signal(self, number: signal.Signals) -> None:
        if not self.running:
            raise ServerError(f"{self.name} does not run")
        os.kill(self.pid, number)
