"""Says who has no score, why, and what helps."""
from .course import Assignment
from .standing import GRADED, NOT_GRADED, NOTHING, PARTLY, Standing, standing
from .words import counted


def say_unscored(assignment: Assignment, standings: dict[str, Standing]) -> bool:
    """Of students by their id; prints nothing if each has a score. Returns whether all have who
    handed something in."""
    absent = [student for student, each in standings.items() if each.state == NOTHING]
    missing = {student: each for student, each in standings.items() if each.state in (NOT_GRADED, PARTLY)}
    if missing:
        print(f"\nNO SCORE of {assignment.name}, which is not 0 but an empty field in the exports: "
              f"{counted(len(missing), 'submission')}")  # fmt: skip
        for reason in dict.fromkeys(each.reason for each in missing.values()):
            print(f"  {', '.join(s for s, each in missing.items() if each.reason == reason)}: {reason}")
        if any(each.needs_file for each in missing.values()):
            print("Grading again does not help where a file is damaged or cannot be read: ask the student "
                  f"for another one, then {assignment.command('collect')} --from FILE")  # fmt: skip
        if not all(each.needs_file for each in missing.values()):
            print(f"To grade what is not graded: {assignment.command('grade')}")
    if absent:
        print(f"Handed in nothing of {assignment.name}, which counts 0: {', '.join(absent)}")
    return not missing


def drop_outdated(assignment: Assignment):
    """Removes what would become, or is, a page of feedback with points that do not count: of an
    earlier file, or of a grading that was stopped."""
    removed = [student for student in assignment.students()
               if standing(assignment, student).state not in (GRADED, PARTLY)
               and assignment.forget_record(student)]  # fmt: skip
    if removed:
        print(f"Removed the feedback of {', '.join(removed)}, which showed points of before.")
