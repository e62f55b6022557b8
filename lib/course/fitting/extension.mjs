/** The extension of JupyterLab and Notebook that fits figures, as files of a Python environment. */
import { fittingScript } from './script.mjs';

const FOLDER = 'share/jupyter/labextensions/course-fitting';

/** Each file's text, by its path in the environment. */
export const extensionFiles = {
  [`${FOLDER}/static/fitting.js`]: fittingScript,
  [`${FOLDER}/package.json`]: `${
    JSON.stringify(
      {
        name: 'course-fitting',
        version: '1.0.0',
        jupyterlab: { extension: true,
          _build: { load: 'static/fitting.js', extension: './extension' } },
      },
      null,
      2,
    )
  }\n`,
};

/** Where an earlier version of the course has put it: two of them would fit each figure twice. */
export const EARLIER_FOLDER = 'share/jupyter/labextensions/course-panels';
