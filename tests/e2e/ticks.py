"""What an operator wrote down of its ticks."""

from __future__ import annotations

import json
from pathlib import Path


def lines(journal: Path) -> list[str]:
    """Return the whole lines of a journal that is being written to."""
    text = journal.read_text(encoding="utf-8")
    return text[: text.rfind("\n") + 1].splitlines()


def ticks(journal: Path) -> list[int]:
    """Return when each tick was, epoch seconds."""
    told = (json.loads(line) for line in lines(journal))
    return [int(line["at"]) for line in told if line["kind"] == "tick"]
