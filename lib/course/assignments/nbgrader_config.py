"""nbgrader's settings for the course. The programs in this folder pass it to every nbgrader; a
nbgrader_config.py in the course's own folder comes after it, and wins.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

c = get_config()  # noqa: F821

# Where notebooks are released to and submissions collected from: in the course's folder, in which the
# programs run nbgrader. A hub (lib/course/hub) uses the same.
c.Exchange.root = os.path.join(os.getcwd(), "exchange")

# No ClearSolutions: the stubs of the exercises are in the source already, and no solution is.
c.GenerateAssignment.preprocessors = [
    f"nbgrader.preprocessors.{name}"
    for name in ("LockCells", "ClearOutput", "CheckCellMetadata", "ComputeChecksums", "SaveCells",
                 "ComputeChecksums", "CheckCellMetadata")
]  # fmt: skip

c.Autograde.autograde_preprocessors = [
    "grading.execute.CourseExecute",
    "nbgrader.preprocessors.LimitOutput",
    "grading.execute.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.post_convert_hook = "grading.execute.recorded"

c.GenerateFeedback.preprocessors = [
    "grading.feedback_head.FeedbackHead",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# nbgrader's own page loads a script from another host, and calls every check "Test cell".
c.HTMLExporter.template_name = "course_feedback"
c.HTMLExporter.filters = {"safe_html": "grading.safe_html.safe_html"}
c.HTMLExporter.extra_template_basedirs = [os.path.join(HERE, "templates")]
c.ExchangeFactory.release_feedback = "grading.release_feedback.ReleaseFeedback"

# alice_16.5-padding-and-batches.ipynb, or as Canvas names it: doejane_LATE_123_456_16.5-….ipynb,
# where 123 is the number by which Canvas's grade book knows the student, and 456 grows with time.
c.ZipCollectApp.extractor_plugin = "grading.unpack.Unpacker"
c.ZipCollectApp.collector_plugin = "grading.collect.NewestCollector"
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<canvas>[^/_]+_(?:LATE_|late_)?(?=\d+_\d+_))?"
    r"(?P<student_id>(?(canvas)\d+|[^/]+?))_(?(canvas)(?P<order>\d+)_)"
    r"(?P<file_id>(?(canvas)|(?=\d+\.\d))[^/]+\.ipynb)$"
)
