"""Grades all submissions of an assignment, as many at once as the machine has cores.

What was found out about a submission is saved as soon as it is known, so that a run that is killed
loses at most the submissions on which it was at work.
"""
import concurrent.futures
import contextlib
import dataclasses
import os
import threading
import time

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

from . import sandbox
from .course import CACHE, MENDED, OWN, SECRET, STAMP, Assignment, Wrong, remove, write
from .grade import Grader
from .standing import HandedIn, Standing, handed_in, unreadable
from .submission import Unreadable
from .trouble import MachineTrouble
from .unscored import say_unscored
from .verdict import lost_in, places, points_in, points_line
from .words import counted


@dataclasses.dataclass
class Task:
    student: str
    handed_in: HandedIn


@dataclasses.dataclass
class Work:
    """What there is to do, and what is not."""

    tasks: list[Task] = dataclasses.field(default_factory=list)
    #: Students whose verdict is there already, and those whose file nobody can read.
    graded: list[str] = dataclasses.field(default_factory=list)
    unreadable: list[str] = dataclasses.field(default_factory=list)
    #: Students whose page of feedback had to go.
    stale: list[str] = dataclasses.field(default_factory=list)


def grade_all(assignment: Assignment, *, jobs: int, again: bool, isolated: bool) -> bool:
    """Grades what has no verdict yet and prints a summary. Returns whether all have one."""
    _, released = assignment.released()
    students = assignment.students()
    if not students:
        print(f"There are no submissions in {assignment.course / 'submitted'}.")
        return True
    work = Work()
    for student in students:
        prepare(assignment, student, again, work)
    tasks = work.tasks
    parts = [f"{len(tasks)} to grade", f"{len(work.graded)} graded already"]
    if work.unreadable:
        parts.append(f"{len(work.unreadable)} cannot be read")
    print(f"{counted(len(students), 'submission')}: {', '.join(parts)}.", flush=True)
    if work.stale:
        print(f"Removed the feedback of {', '.join(work.stale)}, which showed points of before; "
              f"{assignment.command('feedback')} makes it anew.", flush=True)  # fmt: skip
    if tasks:
        run_tasks(assignment, tasks, min(jobs, len(tasks)), isolated, released)
    return summary(assignment, students)


def prepare(assignment: Assignment, student: str, again: bool, work: Work):
    """Mends a submission, and adds it to the work."""

    def forget():
        if assignment.forget_record(student):
            work.stale.append(student)

    mended = assignment.folder(MENDED, student)
    try:
        now = handed_in(assignment, student)
    except (Unreadable, OSError) as trouble:
        forget()
        remove(mended)
        save_not_graded(assignment, student, "", unreadable(trouble), [])
        work.unreadable.append(student)
        return
    verdict = assignment.verdict(student)
    if not again and verdict.get("key") == now.key and verdict.get("state") == "graded":
        present = {**verdict, "notes": now.submission.notes, "release": now.release}
        if verdict != present:
            assignment.save_verdict(student, present)
        write_mended(assignment, student, now.submission.notebook)
        if not assignment.is_recorded(student):
            forget()
        work.graded.append(student)
        return
    forget()
    # Without it nbgrader does not see the submission, and gives it no score.
    remove(mended)
    work.tasks.append(Task(student, now))


def write_mended(assignment: Assignment, student: str, notebook: dict):
    """The submission as nbgrader reads it, with what nbgrader puts beside it in the exchange: the time,
    and the secret by which the student finds the feedback."""
    mended = assignment.folder(MENDED, student)
    write(mended / assignment.released()[0], notebook)
    for name in (STAMP, SECRET):
        file = assignment.folder("submitted", student) / name
        if file.is_file() and not file.is_symlink() and file.stat().st_size < 1000:
            (mended / name).write_bytes(file.read_bytes())
        else:
            (mended / name).unlink(missing_ok=True)


def run_tasks(assignment: Assignment, tasks: list[Task], jobs: int, isolated: bool, released: dict):
    number, seed = assignment.number(), assignment.seed()
    cache = CACHE if isolated else sandbox.ROOT / ".cache"
    print("Trying the released notebook ...", flush=True)
    with Grader(seed, cache, isolated=isolated) as grader:
        grader.try_release(number, released)
    start, done, lock = time.monotonic(), 0, threading.Lock()
    own = threading.local()
    graders: list[Grader] = []

    def one(task: Task):
        nonlocal done
        if not hasattr(own, "grader"):
            own.grader = Grader(seed, cache, isolated=isolated)
            graders.append(own.grader)
        began = time.monotonic()
        line = grade_one(assignment, task, own.grader, number)
        with lock:
            done += 1
            now = time.monotonic()
            left = (now - start) / done * (len(tasks) - done)
            print(f"[{done}/{len(tasks)}] {task.student}: {line} ({now - began:.0f} s{time_left(left)})",
                  flush=True)  # fmt: skip

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(one, task) for task in tasks]
        try:
            for future in concurrent.futures.as_completed(futures):
                future.result()
        except BaseException:
            for grader in graders:
                grader.stop()
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            for grader in graders:
                grader.close()
    rate = len(tasks) / (time.monotonic() - start) * 60
    print(f"{counted(len(tasks), 'submission')} in {time.monotonic() - start:.0f} s, {jobs} at once: "
          f"{rate:.1f} a minute.")  # fmt: skip


def time_left(seconds: float) -> str:
    """The end of a line of progress."""
    if seconds < 1:
        return ""
    return f"; about {seconds / 60:.0f} min left" if seconds >= 60 else "; less than a minute left"


def grade_one(assignment: Assignment, task: Task, grader: Grader, number: str) -> str:
    """Grades and saves; returns a line for the progress."""
    began = time.monotonic()
    now, notes = task.handed_in, task.handed_in.submission.notes
    try:
        exercises = grader.grade(number, now.cells)
    except (MachineTrouble, OSError) as trouble:
        save_not_graded(assignment, task.student, now.key, str(trouble), notes)
        return f"not graded: {trouble}"
    assignment.save_verdict(task.student, {
        "key": now.key, "release": now.release, "state": "graded", "exercises": exercises,
        "notes": notes, "seconds": round(time.monotonic() - began, 1),
        "processor": round(grader.processor, 1),
    })  # fmt: skip
    write_mended(assignment, task.student, now.submission.notebook)
    return points_line(exercises)


def save_not_graded(assignment: Assignment, student: str, key: str, reason: str, notes: list[str]):
    assignment.save_verdict(student, {"key": key, "state": "not graded", "reason": reason,
                                      "notes": notes})  # fmt: skip


def summary(assignment: Assignment, students: list[str]) -> bool:
    """Prints the points and what was unusual. Returns whether all are graded."""
    verdicts = {student: assignment.verdict(student) for student in students}
    graded = {student: each for student, each in verdicts.items() if each.get("state") == "graded"}
    notes = {student: [*each["notes"], *places(each["exercises"])] for student, each in graded.items()}
    unusual = {student: lines for student, lines in notes.items() if lines}
    whole = [each["exercises"] for each in graded.values() if not lost_in(each["exercises"])]
    part = len(graded) - len(whole)
    print(f"\nGraded: {len(graded)} of {counted(len(students), 'submission')}"
          f"{f', {part} of them in part' if part else ''}.")  # fmt: skip
    if whole:
        points = [points_in(exercises) for exercises in whole]
        most = sum(each["of"] for each in whole[0])
        print(f"Points{' of the others' if part else ''}: mean {sum(points) / len(points):.1f}, from {min(points):g} to "
              f"{max(points):g}, of {most:g}.")  # fmt: skip
    if unusual:
        print(f"\nDamaged or unusual: {len(unusual)}")
        for student, lines in unusual.items():
            print(f"  {student}: {'; '.join(lines)}")
    return len(graded) == len(students)


def verify(assignment: Assignment, standings: dict[str, Standing]) -> bool:
    """Says of how many graded submissions the gradebook has the points, and who has none. Returns whether
    all have one."""
    graded = [student for student in assignment.students()
              if assignment.verdict(student).get("state") == "graded"]  # fmt: skip
    recorded = sum(assignment.is_recorded(student) for student in graded)
    print(f"The grade book has the points of {recorded} of {counted(len(graded), 'graded submission')}.")
    return say_unscored(assignment, {each: standings[each] for each in assignment.students()})


@contextlib.contextmanager
def alone(assignment: Assignment):
    """One grading at a time in a course; the lock ends with the process."""
    if fcntl is None:
        yield
        return
    folder = assignment.course / OWN
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Wrong(f"{assignment.course} is being graded by another run: wait for it") from error
        yield


def cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
