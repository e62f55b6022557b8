#!/bin/sh
# Starts a student's server: makes what is missing in their folder, then runs JupyterLab in it. JupyterHub
# calls this with the server's options; it is the same for every spawner, container or not.
set -eu
course=$(cd "$(dirname "$0")/../../.." && pwd -P)
folder="$HOME/work"
node "$course/lib/course/hub/student-folder.mjs" "$folder"
cd "$folder"
export COURSE_MY_NOTEBOOKS="$folder/my-notebooks"
export JUPYTER_CONFIG_PATH="$course/lib/course/hub/student"
exec "$course/.venv/bin/python" -m jupyterhub.singleuser "$@"
