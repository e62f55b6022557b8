"""Whether the grade book's score of a student is that of what they handed in last; if not, why."""
import dataclasses
import functools
import pathlib

from nbgrader.api import MissingEntry

from .course import Assignment, Wrong
from .grade import cells_of
from .submission import Submission, Unreadable, fingerprint, read_submission

GRADED, NOT_GRADED, NOTHING = "graded", "not graded", "nothing handed in"


@dataclasses.dataclass(frozen=True)
class Standing:
    state: str
    #: Why there is no score of what was handed in last.
    reason: str = ""
    #: Nothing but another file helps.
    is_unreadable: bool = False


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
        return Standing(NOT_GRADED, unreadable(trouble), is_unreadable=True)
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
    return Standing(GRADED)


def standing_in(gradebook, assignment: Assignment, student: str) -> Standing:
    """With a look at the grade book."""
    own = standing(assignment, student)
    try:
        gradebook.find_submission(assignment.name, student)
    except MissingEntry:
        if own.state != GRADED:
            return own
        return Standing(NOT_GRADED, "the grade book has lost its score: grade with --again")
    return Standing(GRADED) if own.state == NOTHING else own


def students_of(course: pathlib.Path, gradebook) -> dict[str, object]:
    """Who is in the grade book or has handed something in, by id."""
    folders = course.glob("submitted/*")
    known = {path.name: None for path in folders if path.is_dir() and not path.is_symlink()}
    known.update({student.id: student for student in gradebook.students})
    return dict(sorted(known.items()))
