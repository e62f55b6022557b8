"""What keeps a submission from being graded, through no fault of the student's."""


class MachineTrouble(Exception):
    """Not the student's doing: the submission must not be scored."""


class Stopped(Exception):
    """The grading was interrupted: nothing is known of the submission at hand."""
