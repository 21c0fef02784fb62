"""Where built and fetched servers are kept, and how they get there exactly once."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path


def root() -> Path:
    """Return the cache folder of this project (the XDG cache folder is respected)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "meetscale"


def place(name: str, version: str, recipe: Sequence[Path] = ()) -> Path:
    """Return the folder of one version; another recipe (go.mod, main.go) is another folder."""
    if not recipe:
        return root() / name / version
    digest = hashlib.sha256()
    for file in recipe:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return root() / name / f"{version}-{digest.hexdigest()[:12]}"


def filled(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Return `folder`, filled once by `fill`.

    `fill` works in a scratch folder that is moved into place when it is done, under a lock: neither
    an interrupted build nor two at the same time leave half a folder behind.
    """
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder.with_name(f".{folder.name}.lock")):
        if folder.is_dir():  # somebody else was faster
            return folder
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            fill(scratch)
            scratch.chmod(0o755)
            scratch.rename(folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return folder


@contextlib.contextmanager
def _lock(file: Path) -> Iterator[None]:
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
