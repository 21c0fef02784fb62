"""What somebody may have meant by a name that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.6
"""difflib's ratio: a slip of the finger or two."""


def meant(word: str, known: Iterable[str]) -> str:
    """Return ` (did you mean X?)` for the known name most like a word, nothing if none is."""
    by_lower = {each.lower(): each for each in known}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=_ALIKE)
    return f" (did you mean {by_lower[close[0]]}?)" if close else ""
