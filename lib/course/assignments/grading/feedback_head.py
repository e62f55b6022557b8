"""What a page of feedback says on top: which notebook, and whose."""
import re

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import GetGrades


class FeedbackHead(GetGrades):
    """Adds to the grades the notebook's title, and the student's id and name in the grade book."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        of = resources["nbgrader"]
        texts = (cell.source for cell in nb.cells if cell.cell_type == "markdown")
        headings = (re.match(r"# +(.+)", text) for text in texts)
        of["title"] = next((found[1].strip() for found in headings if found), of["notebook"])
        with Gradebook(of["db_url"]) as gradebook:
            of["whose"] = whose(gradebook, of["student"])
        return nb, resources


def whose(gradebook, student: str) -> str:
    try:
        entry = gradebook.find_student(student)
    except MissingEntry:
        return student
    name = " ".join(part for part in (entry.first_name, entry.last_name) if part)
    return f"{name} ({student})" if name else student
