"""nbgrader's settings for a student on the hub; jupyterhub_config.py sets the variables."""
import os

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = os.environ["COURSE_ID"]
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
# By the name on the hub, and not by that of the account, which students may share.
c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
# What was submitted, for the list: in the folder that stays when a container goes.
c.Exchange.cache = os.path.expanduser("~/work/.cache/nbgrader")
