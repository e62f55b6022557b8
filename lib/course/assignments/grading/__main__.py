"""`python -m grading COURSE ASSIGNMENT`: grades the submissions of an assignment. With --verify it only
says whether the grade book has all scores, with --unscored who has none, and why; --drop-outdated
removes the pages of feedback with points that do not count."""
import argparse
import pathlib
import signal
import sys

from nbgrader.api import Gradebook

from . import sandbox
from .course import Assignment, Wrong
from .pool import alone, cores, grade_all, verify
from .standing import Standing, standing_in, students_of
from .trouble import MachineTrouble
from .unscored import drop_outdated, say_unscored

NOT_ISOLATED = """WARNING: {reason}.
The answers run on this machine with your rights: they can read and delete your files, read other
submissions, the gradebook and the solutions, use the network, and fill the memory and the disk.
Their results cannot be forged: they are judged in a process of its own.
Safe are: Linux with bubblewrap (apt install bubblewrap), or the container of .binder/Dockerfile.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="grading")
    parser.add_argument("course", type=pathlib.Path)
    parser.add_argument("assignment")
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--again", action="store_true")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--verify", action="store_true")
    only.add_argument("--unscored", action="store_true")
    only.add_argument("--drop-outdated", action="store_true")
    options = parser.parse_args()
    assignment = Assignment(options.course.resolve(), options.assignment)
    if options.verify:
        return 0 if verify(assignment, standings_of(assignment)) else 1
    if options.unscored:
        return 0 if say_unscored(assignment, standings_of(assignment)) else 1
    if options.drop_outdated:
        return drop(assignment)
    # As Ctrl-C: kernels and judges are ended before this process.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    reason = sandbox.isolation()
    if reason:
        print(NOT_ISOLATED.format(reason=reason), flush=True)
    try:
        with alone(assignment):
            complete = grade_all(assignment, jobs=max(1, options.jobs), again=options.again,
                                 isolated=not reason)  # fmt: skip
    except (Wrong, MachineTrouble) as trouble:
        print(f"\nProblem: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted. What is graded is kept; the same command goes on from there.")
        return 130
    return 0 if complete else 1


def standings_of(assignment: Assignment) -> dict[str, Standing]:
    with Gradebook(f"sqlite:///{assignment.course / 'gradebook.db'}") as gradebook:
        return {student: standing_in(gradebook, assignment, student)
                for student in students_of(assignment.course, gradebook)}  # fmt: skip


def drop(assignment: Assignment) -> int:
    try:
        with alone(assignment):
            drop_outdated(assignment)
    except Wrong as trouble:
        print(f"\nProblem: {trouble}", file=sys.stderr)
        return 2
    return 0


sys.exit(main())
