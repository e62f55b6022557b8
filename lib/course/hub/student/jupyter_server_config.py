"""The server of a student on the hub: as `npm start` starts it (lib/course/setup/jupyterlab.mjs), with
nbgrader's list of assignments.
"""

c = get_config()  # noqa: F821

# Only the course's kernel, so that no notebook is opened with a wrong one.
c.MappingKernelManager.default_kernel_name = "tslab"
c.KernelSpecManager.ensure_native_kernel = False
c.KernelSpecManager.allowed_kernelspecs = {"tslab"}
c.LabApp.extension_manager = "readonly"
c.LabApp.custom_css = True
c.HTMLExporter.template_name = "course"

# Memory goes back when nobody works: a kernel after an hour without a cell and without an open page, a
# server after an hour without kernels and requests. Seconds.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_interval = 300
c.ServerApp.shutdown_no_activity_timeout = 3600

# Of nbgrader a student needs the list of assignments. "Validate" would call every answer right, because
# a check of the course prints its verdict and throws nothing.
c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.assignment_list": True,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.validate_assignment": False,
}
