"""Numbers and lists in sentences."""
from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """Such as `1 submission` and `2 submissions`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Such as `16.5.1, 16.5.2 and 16.5.4`."""
    return " and ".join([*([", ".join(words[:-1])] if len(words) > 1 else []), *words[-1:]])
