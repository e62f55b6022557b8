"""What a page of feedback says on top: which notebook, whose, and which answers have no points."""
import re

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import GetGrades

HEADING = re.compile(r"# +(.+)\n*")


class FeedbackHead(GetGrades):
    """Adds to the grades the notebook's title, which leaves its place to the page's heading, the
    student's id and name in the grade book, and the answers without points."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        of = resources["nbgrader"]
        of["title"] = take_heading(nb) or of["notebook"]
        checks = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        with Gradebook(of["db_url"]) as gradebook:
            of["whose"] = whose(gradebook, of["student"])
            for cell in checks:
                if not cell.metadata.get("course", {}).get("lost"):
                    continue
                grade = gradebook.find_grade(cell.metadata.nbgrader.grade_id, of["notebook"],
                                             of["assignment"], of["student"])  # fmt: skip
                # Points that a person gave by hand count.
                cell.metadata.nbgrader["lost"] = grade.manual_score is None
        of["lost"] = [cell for cell in checks if cell.metadata.nbgrader.get("lost")]
        return nb, resources


def take_heading(nb) -> str | None:
    """Removes the first heading of a notebook, and returns its text."""
    for cell in nb.cells:
        found = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
        if found:
            cell.source = cell.source[found.end():]
            return found[1].strip()
    return None


def whose(gradebook, student: str) -> str:
    try:
        entry = gradebook.find_student(student)
    except MissingEntry:
        return student
    name = " ".join(part for part in (entry.first_name, entry.last_name) if part)
    return f"{name} ({student})" if name else student
