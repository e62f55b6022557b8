"""Scores as CSV, and for Canvas.

nbgrader's own exporter gives 0 to a submission without a score. Here its field stays empty where
something was handed in and could not be graded, or not all of it; 0 is for who handed nothing in.
"""
import csv
import pathlib
import re

from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from .course import Assignment, Wrong
from .standing import GRADED, NOTHING, PARTLY, standing_in, students_of


def score_of(gradebook, assignment, student: str) -> tuple[str, float | None]:
    """A state of standing.py, and the score with its penalty; None unless all of it is known."""
    # nbgrader works in the course's folder.
    where = Assignment(pathlib.Path.cwd(), assignment.name)
    state = standing_in(gradebook, where, student).state
    if state != GRADED:
        return state, 0.0 if state == NOTHING else None
    submission = gradebook.find_submission(assignment.name, student)
    return state, max(0.0, submission.score - submission.late_submission_penalty)


def exercises_of(assignment) -> dict[str, tuple[str, float]]:
    """By the name of its check in the gradebook: the id of an exercise, and its points. In the order
    of the ids, without checks that a newer release has no longer. A check that no release names (its
    folder is gone, or older than the ids in it) stands under its own name."""
    cells = [cell for own in assignment.notebooks for cell in own.grade_cells]
    try:
        _, notebook = Assignment(pathlib.Path.cwd(), assignment.name).released()
    except Wrong:
        return {cell.name: (cell.name, cell.max_score) for cell in cells}
    ids = {}
    for metadata in (cell["metadata"] for cell in notebook["cells"]):
        if metadata.get("nbgrader", {}).get("grade"):
            check = metadata["nbgrader"]["grade_id"]
            ids[check] = metadata.get("course", {}).get("exercise", check)
    number = lambda cell: [int(part) for part in re.findall(r"\d+", ids[cell.name])]  # noqa: E731
    known = sorted((cell for cell in cells if cell.name in ids), key=number)
    return {cell.name: (ids[cell.name], cell.max_score) for cell in known}


def points_of(gradebook, assignment, student: str):
    """The points of a check by its name: an empty text if the answer is not graded, 0 if there is no
    submission."""
    standing = standing_in(gradebook, Assignment(pathlib.Path.cwd(), assignment.name), student)
    if standing.state not in (GRADED, PARTLY):
        return lambda _: 0.0 if standing.state == NOTHING else ""
    submission = gradebook.find_submission(assignment.name, student)
    scores = {grade.name: grade.score for own in submission.notebooks for grade in own.grades}
    lost = {each["check"] for each in standing.lost}
    return lambda check: "" if check in lost else scores.get(check, "")


class ScoresPlugin(ExportPlugin):
    """A line for each assignment and student, in the columns of nbgrader's CsvExportPlugin, and
    whether it is graded. In a second file a line for each exercise and student: the same columns for
    every assignment, as a table that is sorted, filtered and pivoted wants them."""

    by_exercise = Unicode("", help="the second file; none if it is empty").tag(config=True)

    def export(self, gradebook):
        wanted = [each for each in gradebook.assignments
                  if not self.assignment or each.name in self.assignment]  # fmt: skip
        self.write_scores(gradebook, wanted)
        if self.by_exercise:
            self.write_by_exercise(gradebook, wanted)

    def write_scores(self, gradebook, assignments):
        columns = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name",
                   "email", "raw_score", "late_submission_penalty", "score", "max_score", "state"]  # fmt: skip
        with open(self.to or "grades.csv", "w", newline="", encoding="utf8") as stream:
            table = csv.DictWriter(stream, columns, restval="")
            table.writeheader()
            for assignment in assignments:
                for name, student in students_of(pathlib.Path.cwd(), gradebook).items():
                    table.writerow(self.row(gradebook, assignment, name, student))

    def row(self, gradebook, assignment, name, student):
        state, score = score_of(gradebook, assignment, name)
        row = {"assignment": assignment.name, "duedate": assignment.duedate or "", "state": state,
               "student_id": name, "max_score": assignment.max_score}  # fmt: skip
        for column in ("last_name", "first_name", "email"):
            row[column] = getattr(student, column, None) or ""
        if state == GRADED:
            submission = gradebook.find_submission(assignment.name, name)
            row |= {"timestamp": submission.timestamp or "", "raw_score": submission.score,
                    "late_submission_penalty": submission.late_submission_penalty}  # fmt: skip
        return row | {"score": "" if score is None else score}

    def write_by_exercise(self, gradebook, assignments):
        columns = ["assignment", "exercise", "student_id", "points", "max_points"]
        with open(self.by_exercise, "w", newline="", encoding="utf8") as stream:
            table = csv.writer(stream)
            table.writerow(columns)
            for assignment in assignments:
                exercises = exercises_of(assignment)
                for student in students_of(pathlib.Path.cwd(), gradebook):
                    points = points_of(gradebook, assignment, student)
                    for check, (exercise, most) in exercises.items():
                        table.writerow([assignment.name, exercise, student, points(check), most])


class CanvasPlugin(ExportPlugin):
    """The grade book that Canvas imports: the one it exported, with a column for each assignment.

    Students are found by their login, their SIS id or their Canvas id. A field that stays empty
    leaves Canvas's own score as it is.
    """

    roster = Unicode("", help="the grade book that Canvas exported, as CSV").tag(config=True)

    #: The columns by which Canvas knows a student.
    WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    IDS = ("SIS Login ID", "SIS User ID", "ID")

    def export(self, gradebook):
        with open(self.roster, newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
        if not rows or any(column not in rows[0] for column in ("Student", "ID")):
            raise ValueError(f"{self.roster} is no grade book of Canvas: it has no Student and ID")
        who = [column for column in self.WHO if column in rows[0]]
        wanted = [each for each in gradebook.assignments
                  if not self.assignment or each.name in self.assignment]  # fmt: skip
        columns = {each.name: self.column(rows[0], each.name) for each in wanted}
        names, found, strangers = set(students_of(pathlib.Path.cwd(), gradebook)), set(), []
        with open(self.to or "canvas.csv", "w", newline="", encoding="utf8") as stream:
            table = csv.DictWriter(stream, [*who, *columns.values()], restval="")
            table.writeheader()
            table.writerow({"Student": "    Points Possible",
                            **{columns[each.name]: each.max_score for each in wanted}})  # fmt: skip
            for row in rows:
                name = next((row[column] for column in self.IDS if row.get(column) in names), None)
                if name is None:
                    strangers += [row["Student"].strip()] if row["ID"] else []
                    continue
                found.add(name)
                scores = {columns[each.name]: score_of(gradebook, each, name)[1] for each in wanted}
                table.writerow({**{column: row[column] for column in who},
                                **{k: "" if v is None else v for k, v in scores.items()}})  # fmt: skip
        for name in sorted(names - found):
            self.log.warning("%s is not in the grade book of Canvas: no line for them", name)
        if strangers:
            self.log.warning("Handed in nothing, and have no line, so that Canvas keeps what it has: %s",
                             "; ".join(strangers))  # fmt: skip

    def column(self, row: dict, name: str) -> str:
        """Canvas writes the id of an assignment that it knows behind its name, which must begin with
        ours, such as `16.2 Homework (555)`."""
        known = [column for column in row if re.fullmatch(rf"{re.escape(name)}(?![\d.]).* \(\d+\)", column)]
        if len(known) == 1:
            return known[0]
        self.log.warning("%d assignments of Canvas have names that begin with %s, and not one: Canvas will "
                         "take the column %s for a new assignment", len(known), name, name)  # fmt: skip
        return name
