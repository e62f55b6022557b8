"""What a student handed in, read so that no damage of the file costs an answer.

The released notebook says which cells there are. From the submission come only the answers, and
the cells that the student changed or added; everything else is taken from the release. So a deleted
check, an edited one, a duplicate, foreign metadata or 50 MB of outputs change nothing.
"""
import copy
import dataclasses
import hashlib
import json
import pathlib
import re
import stat

#: The largest file that is read, in bytes: outputs of a day fit in it.
FILE_BYTES = 256 * 1024 * 1024
#: The longest text of a cell, in characters, and the most cells that are read.
CELL_CHARACTERS = 100_000
CELLS = 2000

ANSWER, CHECK = "exercise-", "check-"


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

    Raises Unreadable if there is no notebook, or none of whose cells can be read.
    """
    notes: list[str] = []
    candidates = sorted(path for path in folder.rglob("*") if is_notebook(path))
    if not candidates:
        raise Unreadable("there is no notebook in it")
    known = {cell["id"] for cell in released["cells"]}
    read = []
    for path in candidates:
        cells, cut = read_cells(path)
        belongs = sum(1 for cell in cells if identity(cell, known))
        read.append((is_named(path.name, name), belongs, path.stat().st_mtime, path, cells, cut))
    right = [each for each in read if each[1] > 0]
    if not right:
        raise Unreadable("no cell of the assignment can be read")
    # The right name first, unless that file holds no cell of the assignment.
    *_, path, cells, cut = max(right, key=lambda each: each[:3])
    if not is_named(path.name, name):
        notes.append(f"the file is called {path.name[:80]}")
    if len(right) > 1:
        notes.append(f"{len(right)} notebooks were handed in; {path.name[:80]} is graded")
    if cut:
        notes.append("the file is damaged; what could be read of it is graded")
    return Submission(merged(cells, released, known, notes), notes)


def is_named(given: str, name: str) -> bool:
    """Whether a file has the released name, also as browsers and Canvas number a file that they have
    had before: `16.5-x (1).ipynb`, `16.5-x-1.ipynb`."""
    stem, suffix = name.rsplit(".", 1)
    return re.fullmatch(rf"{re.escape(stem)}( ?\(\d+\)|-\d+)?\.{suffix}", given) is not None


def is_notebook(path: pathlib.Path) -> bool:
    """A file of its own: a link may point to what the student must not read."""
    hidden = any(part.startswith(".") for part in path.parts[-2:])
    return not hidden and path.suffix == ".ipynb" and stat.S_ISREG(path.lstat().st_mode)


def read_cells(path: pathlib.Path) -> tuple[list[dict], bool]:
    """The cells of a notebook file, and whether it is damaged."""
    if path.stat().st_size > FILE_BYTES:
        return [], True
    text = path.read_bytes().decode("utf8", "replace").lstrip("\ufeff")
    try:
        notebook = json.loads(text)
        cells = notebook["cells"]
        return [cell for cell in cells if isinstance(cell, dict)][:CELLS], not isinstance(cells, list)
    except (ValueError, LookupError, TypeError, RecursionError):
        return whole_cells(text), True


def whole_cells(text: str) -> list[dict]:
    """The cells of a cut-off text that are whole."""
    decoder, cells = json.JSONDecoder(), []
    at = text.find('"cells"')
    at = text.find("[", at) + 1 if at >= 0 else 0
    while at > 0 and len(cells) < CELLS:
        at = text.find("{", at)
        if at < 0:
            break
        try:
            cell, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        if isinstance(cell, dict) and "source" in cell:
            cells.append(cell)
    return cells


def identity(cell: dict, known: set[str]) -> str | None:
    """Which released cell it is: by nbgrader's id, or by its own."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    for each in (grade_id, cell.get("id")):
        if isinstance(each, str) and each in known:
            return each
    return None


def source_of(cell: dict) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    # Half of a character cannot be written as UTF-8.
    text = source if isinstance(source, str) else ""
    return text.encode("utf8", "replace").decode("utf8")


def merged(cells: list[dict], released: dict, known: set[str], notes: list[str]) -> dict:
    """The released notebook with the student's texts, and their own cells where they were."""
    notebook = copy.deepcopy(released)
    by_id = {cell["id"]: cell for cell in notebook["cells"]}
    texts: dict[str, list[str]] = {}
    own: dict[str, list[dict]] = {}
    last = ""
    for cell in cells:
        which, source = identity(cell, known), source_of(cell)
        if len(source) > CELL_CHARACTERS:
            notes.append(f"a cell of {len(source)} characters was left out")
        elif which:
            last = which
            texts.setdefault(which, []).append(source)
        elif cell.get("cell_type") in ("code", "markdown") and source.strip():
            own.setdefault(last, []).append({"cell_type": cell["cell_type"], "source": source})
    for which, sources in texts.items():
        cell = by_id[which]
        if is_locked(cell):
            if any(source.rstrip() != cell["source"].rstrip() for source in sources):
                notes.append(f"{which} was edited; the released cell counts")
            if len(sources) > 1:
                notes.append(f"{which} is there {len(sources)} times")
            continue
        changed = [source for source in sources if source.rstrip() != cell["source"].rstrip()]
        if len(sources) > 1:
            notes.append(f"{which} is there {len(sources)} times; the last changed one is graded")
        if changed:
            cell["source"] = changed[-1]
    missing = [which for which, cell in by_id.items() if which not in texts and is_graded(cell)]
    if missing:
        notes.append(f"missing, and restored: {', '.join(missing)}")
    result = []
    for cell in [{"id": ""}, *notebook["cells"]]:
        result += [cell] if cell["id"] else []
        for extra in own.get(cell["id"], []):
            code = {"outputs": [], "execution_count": None} if extra["cell_type"] == "code" else {}
            result.append({**extra, **code, "id": f"added-{len(result)}", "metadata": {}})
    return {**notebook, "cells": result}


def is_locked(cell: dict) -> bool:
    nbgrader = cell["metadata"].get("nbgrader", {})
    return bool(nbgrader.get("grade") or nbgrader.get("locked")) and not nbgrader.get("solution")


def is_graded(cell: dict) -> bool:
    nbgrader = cell["metadata"].get("nbgrader", {})
    return bool(nbgrader.get("grade") or nbgrader.get("solution"))


def fingerprint(*parts: object) -> str:
    """A hash that changes with any of the parts."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()
