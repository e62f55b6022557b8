"""The trial on one machine: `npm run hub` and ../jupyterhub_config.py set the variables."""
import json
import os
import pathlib
import sys

c = get_config()  # noqa: F821

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "assignments"))

from trial import TrialAuthenticator, TrialSpawner  # noqa: E402

settings = json.loads(os.environ["COURSE_HUB_TRIAL"])
folder = pathlib.Path(settings["class"])

c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['port']}/"
c.JupyterHub.hub_port = settings["hubPort"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['apiPort']}"
c.JupyterHub.authenticator_class = TrialAuthenticator
c.TrialAuthenticator.user_password = settings["password"]
c.TrialAuthenticator.allow_all = True
c.JupyterHub.spawner_class = TrialSpawner
c.TrialSpawner.home_dir_template = str(folder / "hub" / "students" / "{username}")

# What nbgrader makes at the first release: a student's server needs it before that. The modes are
# nbgrader's own.
exchange = pathlib.Path(os.environ["COURSE_EXCHANGE"])
of_course = exchange / os.environ["COURSE_ID"]
for path, mode in [(exchange, 0o777), (of_course, 0o755)]:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
for name, mode in [("outbound", 0o755), ("inbound", 0o2733)]:
    (of_course / name).mkdir(exist_ok=True)
    (of_course / name).chmod(mode)
# Tells `npm run assignment -- collect` that all submissions belong to one account.
(folder / "hub" / "trial").touch()
