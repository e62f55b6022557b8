"""What a student handed in, read so that no damage of the file costs an answer.

The released notebook says which cells there are. From the submission come only the answers, and
the cells that the student changed or added; everything else is taken from the release. So a deleted
check, an edited one, a duplicate, foreign metadata or 50 MB of outputs change nothing. An answer that
a damaged file has lost is marked as `lost`, one that a whole file does not hold as `missing`.
"""
import dataclasses
import hashlib
import json
import pathlib
import re
import stat

from .identity import identify, is_graded
from .merge import merged
from .notebook_file import NotebookFile, read_notebook


class Unreadable(Exception):
    """No answer can be read: the submission is not scored, and a person has to look at it."""


@dataclasses.dataclass
class Submission:
    #: The released notebook with the student's cells in it.
    notebook: dict
    #: What was unusual, for the instructor.
    notes: list[str]


def read_submission(folder: pathlib.Path, released: dict, name: str) -> Submission:
    """Reads the submission in `folder` for the released notebook with the file name `name`.

    Raises Unreadable if there is no notebook, or none with a cell of an exercise.
    """
    notes: list[str] = []
    candidates = sorted(path for path in folder.rglob("*") if is_notebook(path))
    if not candidates:
        raise Unreadable("there is no notebook in it")
    graded = {cell["id"] for cell in released["cells"] if is_graded(cell)}
    read = []
    for path in candidates:
        file = read_notebook(path)
        identities = identify(file.cells, released)
        # Notebooks have cells of the same names, such as `set-up`: only those of exercises tell.
        belongs = len(graded & set(identities))
        read.append((is_named(path.name, name), belongs, path.stat().st_mtime, path, file, identities))
    # The right name first, unless that file holds no cell of an exercise.
    *_, belongs, _, path, file, identities = max(read, key=lambda each: (each[1] > 0, *each[:3]))
    if not belongs:
        raise Unreadable(why_unreadable(file))
    if not is_named(path.name, name):
        notes.append(f"the file is called {path.name[:80]}")
    right = sum(1 for each in read if each[1])
    if right > 1:
        notes.append(f"{right} notebooks were handed in; {path.name[:80]} is graded")
    return Submission(merged(file.cells, identities, released, file.damage, notes), notes)


def why_unreadable(file: NotebookFile) -> str:
    if not file.damage:
        return "no exercise of the assignment is in the file: it may be a different notebook"
    return f"the file {file.damage}{' before the first answer' if file.cells else ''}"


def is_named(given: str, name: str) -> bool:
    """Whether a file has the released name, also as browsers and Canvas number a file that they have
    had before: `16.5-x (1).ipynb`, `16.5-x-1.ipynb`."""
    stem, suffix = name.rsplit(".", 1)
    return re.fullmatch(rf"{re.escape(stem)}( ?\(\d+\)|-\d+)?\.{suffix}", given) is not None


def is_notebook(path: pathlib.Path) -> bool:
    """A file of its own: a link may point to what the student must not read."""
    hidden = any(part.startswith(".") for part in path.parts[-2:])
    return not hidden and path.suffix == ".ipynb" and stat.S_ISREG(path.lstat().st_mode)


def fingerprint(*parts: object) -> str:
    """A hash that changes with any of the parts."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()
