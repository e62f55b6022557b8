"""The verdicts on the answers of a submission, as they are saved: one for each exercise. An answer that
the file has lost has no points, which is not 0."""
from .words import listed


def lost_answer(exercise: dict, damage: str) -> dict:
    """Of a file with this damage (notebook_file.py)."""
    return {"points": None, "of": exercise["of"], "state": "lost", "damage": damage,
            "line": f"no points: the file {damage}, and this answer is lost"}  # fmt: skip


def lost_in(exercises: list[dict]) -> list[dict]:
    return [each for each in exercises if each.get("points") is None]


def points_in(exercises: list[dict]) -> float:
    """The points of the answers that have some."""
    return sum(each["points"] or 0 for each in exercises)


def points_line(exercises: list[dict]) -> str:
    """Such as `9 of 19`, or what there is of it."""
    line = f"{points_in(exercises):g} of {sum(each['of'] for each in exercises):g}"
    lost = [each["id"] for each in lost_in(exercises)]
    return f"{line} so far; {listed(lost)} lost" if lost else line


def places(exercises: list[dict]) -> list[str]:
    """What an instructor is told of answers that are not in their own cells."""
    different, none = ([each["id"] for each in exercises if each.get("place") == place]
                       for place in ("different", "none"))  # fmt: skip
    notes = []
    if different:
        notes.append(f"the answer to {listed(different)} is in a different cell, and graded there")
    if none:
        notes.append(f"no cell holds an answer to {listed(none)}, which gets 0 points")
    return notes
