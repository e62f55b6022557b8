"""What nbgrader runs in place of its Execute and SaveAutoGrades: the scores of a submission, put where
nbgrader reads them.

A test cell gets its points as an `execute_result` (nbgrader's form of partial credit), under a line
that says what is right or wrong; that of a lost answer gets none. No output of the student's kernel
enters the notebook: it could hold hidden inputs.
"""
import pathlib

from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, SaveAutoGrades

from . import sandbox
from .course import CACHE, Assignment
from .grade import Grader, cells_of
from .standing import release_key
from .submission import fingerprint


class CourseExecute(Execute):
    def preprocess(self, nb, resources):
        of = resources["nbgrader"]
        # nbgrader works in the course's folder.
        assignment = Assignment(pathlib.Path.cwd(), of["assignment"])
        verdict = self.verdict(assignment, of["student"], nb)
        by_check = {each["check"]: each for each in verdict["exercises"]}
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            exercise = by_check.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if exercise:
                most = float(cell.metadata.nbgrader["points"])
                cell.outputs = [new_output("stream", name="stdout", text=f"{exercise['line']}\n")]
                if exercise["points"] is not None:
                    points = min(float(exercise["points"]), most)
                    cell.outputs.append(new_output("execute_result", data={"text/plain": f"{points:g}"}))
        return nb, resources

    def verdict(self, assignment: Assignment, student: str, nb) -> dict:
        """The verdict that `npm run assignment -- grade` has saved, or a new one."""
        _, released = assignment.released()
        cells = cells_of(nb, released)
        saved = assignment.verdict(student)
        key = fingerprint(cells, assignment.seed())
        if saved.get("key") == key and saved.get("state") == "graded":
            return saved
        reason = sandbox.isolation()
        if reason:
            self.log.warning("The answers are not isolated: %s", reason)
        cache = sandbox.ROOT / ".cache" if reason else CACHE
        with Grader(assignment.seed(), cache, isolated=not reason) as grader:
            if not reason:
                grader.try_release(assignment.number(), released)
            exercises = grader.grade(assignment.number(), cells)
        verdict = {"key": key, "release": release_key(released), "state": "graded",
                   "exercises": exercises, "notes": []}  # fmt: skip
        assignment.save_verdict(student, verdict)
        return verdict


class SaveScores(SaveAutoGrades):
    """nbgrader gives a test cell without a result all points. A lost answer is left to a person: it gets
    points by hand, or another file."""

    def _add_score(self, cell, resources):
        super()._add_score(cell, resources)
        if cell.metadata.get("course", {}).get("lost"):
            grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, self.notebook_id,
                                              self.assignment_id, self.student_id)  # fmt: skip
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()


def recorded(assignment: str, notebooks: list[str], **_):
    """nbgrader calls this when it has recorded a submission: only then is it complete."""
    where = Assignment(pathlib.Path.cwd(), assignment)
    for student in {pathlib.Path(path).parent.parent.name for path in notebooks}:
        key = where.verdict(student).get("key", "")
        where.recorded_file(student).write_text(key, encoding="utf8")
