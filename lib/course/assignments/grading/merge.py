"""Puts what a student wrote into the notebook as it was released, and marks the answers that are not
there."""
import copy

from .identity import exercise_of, is_graded, is_locked, source_of
from .words import listed

#: The longest text of a cell, in characters.
CELL_CHARACTERS = 100_000

#: How the names of the cells of an exercise begin.
ANSWER, CHECK = "exercise-", "check-"


def merged(cells: list[dict], identities: list[str | None], released: dict, damage: str,
           notes: list[str]) -> dict:  # fmt: skip
    """The released notebook with the student's texts, and their own cells where they were."""
    notebook = copy.deepcopy(released)
    by_id = {cell["id"]: cell for cell in notebook["cells"]}
    texts: dict[str, list[str]] = {}
    own: dict[str, list[dict]] = {}
    too_long: dict[str, int] = {}
    last = ""
    for cell, which in zip(cells, identities):
        source = source_of(cell)
        last = which or last
        if len(source) > CELL_CHARACTERS:
            too_long[which or ""] = len(source)
        elif which:
            texts.setdefault(which, []).append(source)
        elif cell.get("cell_type") in ("code", "markdown") and source.strip():
            own.setdefault(last, []).append({"cell_type": cell["cell_type"], "source": source})
    for which, sources in texts.items():
        cell = by_id[which]
        changed = [source for source in sources if source.rstrip() != cell["source"].rstrip()]
        if is_locked(cell):
            if changed:
                notes.append(f"the check of {exercise_of(cell)} was edited; the released one is used")
            continue
        if len(sources) > 1 and is_graded(cell):
            notes.append(f"there are {len(sources)} answer cells for {exercise_of(cell)}; the last one that "
                         "differs from the released one is graded")  # fmt: skip
        if changed:
            cell["source"] = changed[-1]
    absent = [cell for which, cell in by_id.items() if is_graded(cell) and which not in texts]
    mark_absent([cell for cell in absent if not is_locked(cell)], by_id, too_long, damage, notes)
    checks = [exercise_of(cell) for cell in absent if is_locked(cell)]
    if checks and not damage:
        notes.append(f"the file has no check of {listed(checks)}; the released one is used")
    if "" in too_long:
        notes.append(f"a cell of {too_long['']} characters was left out")
    result = []
    for cell in [{"id": ""}, *notebook["cells"]]:
        result += [cell] if cell["id"] else []
        for extra in own.get(cell["id"], []):
            code = {"outputs": [], "execution_count": None} if extra["cell_type"] == "code" else {}
            result.append({**extra, **code, "id": f"added-{len(result)}", "metadata": {}})
    return {**notebook, "cells": result}


def mark_absent(answers: list[dict], by_id: dict[str, dict], too_long: dict[str, int], damage: str,
                notes: list[str]):  # fmt: skip
    """Says of answer cells that could not be read why, in them and in their checks."""

    def mark(cell: dict, key: str, why: str):
        check = by_id.get(cell["id"].replace(ANSWER, CHECK, 1), cell)
        for each in (cell, check):
            each["metadata"].setdefault("course", {})[key] = why

    long = [cell for cell in answers if cell["id"] in too_long]
    for cell in long:
        why = f"has {too_long[cell['id']]} characters, more than {CELL_CHARACTERS}"
        mark(cell, "missing", f"its cell {why}")
        notes.append(f"the answer cell of {exercise_of(cell)} {why}, and was left out")
    others = [cell for cell in answers if cell not in long]
    names = listed([exercise_of(cell) for cell in others])
    for cell in others:
        if damage:
            mark(cell, "lost", damage)
        else:
            mark(cell, "missing", "the file has no cell for this answer")
    if damage:
        notes.append(f"the file {damage}; no answer is lost by it" if not others else
                     f"the file {damage}; lost, and without points, which is not 0: {names}")  # fmt: skip
    elif others:
        notes.append(f"the file has no answer cell for {names} (deleted, or without its id)")
