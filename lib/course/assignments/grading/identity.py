"""Which cell of the released notebook a student's cell is."""


def identify(cells: list[dict], released: dict) -> list[str | None]:
    """Which released cell each is: by nbgrader's id or by its own; without one, by its text. An answer
    without an id is found later by the name that it declares."""
    exercises = {cell["id"]: exercise_of(cell) for cell in released["cells"]}
    found = [identity(cell, exercises) for cell in cells]
    texts = {cell["source"].rstrip(): cell["id"] for cell in released["cells"] if cell["source"].strip()}
    claimed = set(found)
    by_text = [texts.get(source_of(cell).rstrip()) for cell in cells]
    return [own or (other if other not in claimed else None) for own, other in zip(found, by_text)]


def identity(cell: dict, exercises: dict[str, str]) -> str | None:
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader, course = metadata.get("nbgrader"), metadata.get("course")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    exercise = course.get("exercise") if isinstance(course, dict) else None
    for each in (grade_id, cell.get("id")):
        # Two notebooks may have a cell of an exercise with the same name.
        if isinstance(each, str) and each in exercises and exercise in (None, exercises[each]):
            return each
    return None


def exercise_of(cell: dict) -> str:
    """The exercise of a released cell, such as 16.5.1; a release of before has it only in the name."""
    return cell["metadata"].get("course", {}).get("exercise", cell["id"].split("-", 1)[-1])


def source_of(cell: dict) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    # Half of a character cannot be written as UTF-8.
    text = source if isinstance(source, str) else ""
    return text.encode("utf8", "replace").decode("utf8")


def is_locked(cell: dict) -> bool:
    nbgrader = cell["metadata"].get("nbgrader", {})
    return bool(nbgrader.get("grade") or nbgrader.get("locked")) and not nbgrader.get("solution")


def is_graded(cell: dict) -> bool:
    nbgrader = cell["metadata"].get("nbgrader", {})
    return bool(nbgrader.get("grade") or nbgrader.get("solution"))
