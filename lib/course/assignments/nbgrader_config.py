"""nbgrader's settings for the course. The programs in this folder pass it to every nbgrader; a
nbgrader_config.py in the course's own folder comes after it, and wins.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

c = get_config()  # noqa: F821

c.ClearSolutions.code_stub = {"typescript": ""}
# No ClearSolutions: the stubs of the exercises are in the source already, and no solution is.
c.GenerateAssignment.preprocessors = [
    f"nbgrader.preprocessors.{name}"
    for name in ("LockCells", "ClearOutput", "CheckCellMetadata", "ComputeChecksums", "SaveCells",
                 "ComputeChecksums", "CheckCellMetadata")
]  # fmt: skip

c.Autograde.autograde_preprocessors = [
    "grading.execute.CourseExecute",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.post_convert_hook = "grading.execute.recorded"
