/** JupyterLab and Notebook load the script as an extension, and ask it for its plugins. */
/* global document, window */

if (document.getElementById('jupyter-config-data')) {
  const plugins = [{ id: 'course-fitting:fit', autoStart: true, activate: () => undefined }];
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB['course-fitting'] = {
    init: () => undefined,
    get: () => Promise.resolve(() => ({ default: plugins, __esModule: true })),
  };
}
