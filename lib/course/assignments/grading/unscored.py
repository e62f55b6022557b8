"""Says who has no score, why, and what helps."""
from .course import Assignment
from .standing import GRADED, NOT_GRADED, NOTHING, Standing, standing


def counted(number: int, noun: str) -> str:
    """Such as `1 submission` and `2 submissions`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def say_unscored(assignment: Assignment, standings: dict[str, Standing]) -> bool:
    """Of students by their id; prints nothing if each has a score. Returns whether all have who
    handed something in."""
    absent = [student for student, each in standings.items() if each.state == NOTHING]
    missing = {student: each for student, each in standings.items() if each.state == NOT_GRADED}
    if missing:
        print(f"\nNO SCORE of {assignment.name}, which is not 0 but an empty field in the exports: "
              f"{counted(len(missing), 'submission')}")  # fmt: skip
        for reason in dict.fromkeys(each.reason for each in missing.values()):
            print(f"  {', '.join(s for s, each in missing.items() if each.reason == reason)}: {reason}")
        if any(each.is_unreadable for each in missing.values()):
            print("Where a file cannot be read, grading again does not help: ask the student for another one.")
        if not all(each.is_unreadable for each in missing.values()):
            print(f"To grade what is not graded: {assignment.command('grade')}")
    if absent:
        print(f"Handed in nothing of {assignment.name}, which counts 0: {', '.join(absent)}")
    return not missing


def drop_outdated(assignment: Assignment):
    """Removes what would become, or is, a page of feedback with points that do not count: of an
    earlier file, or of a grading that was stopped."""
    removed = [student for student in assignment.students()
               if standing(assignment, student).state != GRADED and assignment.forget_record(student)]  # fmt: skip
    if removed:
        print(f"Removed the feedback of {', '.join(removed)}, which showed points of before.")
