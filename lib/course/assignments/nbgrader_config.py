"""nbgrader's settings for the course. The programs in this folder pass it to every nbgrader; a
nbgrader_config.py in the course's own folder comes after it, and wins.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

c = get_config()  # noqa: F821

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

# alice_16.5-padding-and-batches.ipynb, or as Canvas names it: doejane_LATE_123_456_16.5-….ipynb
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/_]+)_(?:LATE_|late_)?(?:\d+_\d+_)?(?P<file_id>[^/]+\.ipynb)$"
)
