"""JupyterHub's settings for a class. `npm run hub` uses them for a trial; for a real class, write a
jupyterhub_config.py that loads this file and then says who logs in, where servers run, and on which
address (README.md has examples):

    load_subconfig("/srv/course/lib/course/hub/jupyterhub_config.py")
"""
import os
import pathlib
import shutil

from traitlets.config.loader import PyFileConfigLoader

c = get_config()  # noqa: F821

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]

#: The folder of the course, as in `npm run assignment -- --course FOLDER`. No student's server needs it:
#: the gradebook and what was handed in are in there. The exchange may be elsewhere.
CLASS = pathlib.Path(os.environ.get("COURSE_FOLDER", ROOT / "my-course")).resolve()
STATE = CLASS / "hub"
STATE.mkdir(parents=True, exist_ok=True, mode=0o700)

own = PyFileConfigLoader("nbgrader_config.py", path=str(CLASS)).load_config()
COURSE_ID = own.get("CourseDirectory", {}).get("course_id", CLASS.name)
EXCHANGE = pathlib.Path(own.get("Exchange", {}).get("root", CLASS / "exchange"))

# ---- the hub and its proxy: nothing of them is in a student's reach
c.JupyterHub.bind_url = "http://127.0.0.1:8000/"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{STATE / 'hub.sqlite'}"
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.ConfigurableHTTPProxy.command = [
    os.environ.get("COURSE_NODE") or shutil.which("node") or "node",
    str(ROOT / ".cache" / "hub-proxy" / "node_modules" / "configurable-http-proxy" / "bin"
        / "configurable-http-proxy"),
]  # fmt: skip

# ---- who may log in: a name on the hub is the student's id in the gradebook, where '+' and '*' have a
# meaning of their own, and the name of a folder
c.Authenticator.username_pattern = r"^[a-z0-9][\w.@-]{0,63}$"

# ---- a student's server
c.Spawner.cmd = [str(HERE / "start-server.sh")]
c.Spawner.notebook_dir = "~/work"
c.Spawner.default_url = "/lab/tree/my-notebooks"
os.environ.update({"COURSE_ID": COURSE_ID, "COURSE_EXCHANGE": str(EXCHANGE)})
c.Spawner.environment = {name: os.environ[name] for name in ("COURSE_ID", "COURSE_EXCHANGE")}
# Many start at once when a lesson begins, and the first start makes the copies of the notebooks.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 120
# Spawners that can (systemd, Docker, Kubernetes) enforce these two; processes of the hub's own machine
# are only told of them. README.md has the measurements behind them.
c.Spawner.mem_limit = "2G"
c.Spawner.cpu_limit = 2

if os.environ.get("COURSE_HUB_TRIAL"):
    load_subconfig(str(HERE / "trial" / "trial_config.py"))  # noqa: F821
else:
    # `npm run assignment -- collect` then checks whose account a submission belongs to.
    (STATE / "trial").unlink(missing_ok=True)
