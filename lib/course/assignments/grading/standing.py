"""Whether the grade book's score of a student is that of what they handed in last; if not, why."""
import dataclasses
import functools
import pathlib

from nbgrader.api import MissingEntry

from .course import Assignment, Wrong
from .grade import cells_of
from .submission import Submission, Unreadable, fingerprint, read_submission
from .verdict import lost_in
from .words import listed

GRADED, NOT_GRADED, NOTHING = "graded", "not graded", "nothing handed in"
#: A damaged file has lost some of the answers: their points are not known, nor is the sum.
PARTLY = "partly graded"


@dataclasses.dataclass(frozen=True)
class Standing:
    state: str
    #: Why there is no score of what was handed in last.
    reason: str = ""
    #: Nothing but another file helps.
    needs_file: bool = False
    #: The lost answers of a submission that is partly graded (verdict.py).
    lost: tuple[dict, ...] = ()


@dataclasses.dataclass(frozen=True)
class HandedIn:
    """What a student handed in last, as it is graded."""

    submission: Submission
    cells: list[dict]
    #: Changes with anything on which a verdict depends.
    key: str
    #: Changes with the release.
    release: str


def handed_in(assignment: Assignment, student: str) -> HandedIn:
    """Raises Unreadable or OSError if it cannot be read."""
    name, released = assignment.released()
    submission = read_submission(assignment.folder("submitted", student), released, name)
    cells = cells_of(submission.notebook, released)
    return HandedIn(submission, cells, fingerprint(cells, assignment.seed()), release_key(released))


def release_key(released: dict) -> str:
    return fingerprint(cells_of(released, released))


def unreadable(trouble: Exception) -> str:
    return f"cannot be read: {trouble}"


@functools.cache
def standing(assignment: Assignment, student: str) -> Standing:
    """Without a look at the grade book: a student who handed nothing in may have a score in it."""
    if not assignment.folder("submitted", student).is_dir():
        return Standing(NOTHING)
    verdict = assignment.verdict(student)
    known = verdict.get("state") == GRADED
    try:
        now = handed_in(assignment, student)
    except (Unreadable, OSError) as trouble:
        return Standing(NOT_GRADED, unreadable(trouble), needs_file=True)
    except Wrong:  # the release is gone: nothing says whether the file is another one
        now = None
    if now is not None and verdict.get("key") != now.key:
        if not known:
            return Standing(NOT_GRADED, "not graded yet")
        if verdict.get("release", now.release) != now.release:
            return Standing(NOT_GRADED, "graded before the assignment was released again")
        return Standing(NOT_GRADED, "a newer file is not graded yet")
    if not known:
        return Standing(NOT_GRADED, verdict.get("reason", "not graded yet"))
    if not assignment.is_recorded(student):
        return Standing(NOT_GRADED, "its score is not in the grade book yet")
    return complete_without(lost_in(verdict["exercises"]))


def complete_without(lost: list[dict]) -> Standing:
    """Of a submission that is graded but for these answers."""
    if not lost:
        return Standing(GRADED)
    names = listed([each["id"] for each in lost])
    answers = f"the answer to {names} is" if len(lost) == 1 else f"the answers to {names} are"
    return Standing(PARTLY, f"the file {lost[0]['damage']}: {answers} lost, the others are graded", needs_file=True,
                    lost=tuple(lost))  # fmt: skip


def standing_in(gradebook, assignment: Assignment, student: str) -> Standing:
    """With a look at the grade book."""
    own = standing(assignment, student)
    try:
        submission = gradebook.find_submission(assignment.name, student)
    except MissingEntry:
        if own.state != GRADED:
            return own
        return Standing(NOT_GRADED, "the grade book has lost its score: grade with --again")
    if own.state == PARTLY:
        # Points that a person gives by hand count for an answer that is lost.
        given = {grade.name for each in submission.notebooks for grade in each.grades
                 if grade.manual_score is not None}  # fmt: skip
        return complete_without([each for each in own.lost if each["check"] not in given])
    return Standing(GRADED) if own.state == NOTHING else own


def students_of(course: pathlib.Path, gradebook) -> dict[str, object]:
    """Who is in the grade book or has handed something in, by id."""
    folders = course.glob("submitted/*")
    known = {path.name: None for path in folders if path.is_dir() and not path.is_symlink()}
    known.update({student.id: student for student in gradebook.students})
    return dict(sorted(known.items()))
