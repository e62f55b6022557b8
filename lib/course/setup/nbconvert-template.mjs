/**
 * Exported pages: nbconvert's usual template leaves out the `alt` text of pictures, so readers who
 * do not see them would hear "No description has been provided". The course's own one has it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The name of the template. */
export const TEMPLATE = 'course';

/** JupyterLab's template with another picture. */
const page = `{%- extends 'lab/index.html.j2' -%}
{% block data_png scoped %}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
{%- for name in ['width', 'height', 'alt'] %}
{%- set value = output | get_metadata(name, 'image/png') %}
{%- if value is not none %} {{ name }}="{{ value | escape_html }}"{% endif %}
{%- endfor %}>
</div>
{%- endblock data_png %}
`;

/**
 * The files by their paths in a Python environment: the template, and nbconvert's choice of it.
 * JupyterLab gets the same choice as an argument.
 */
const files = {
  [`share/jupyter/nbconvert/templates/${TEMPLATE}/conf.json`]: asText({
    base_template: 'lab',
    mimetypes: { 'text/html': true },
  }),
  [`share/jupyter/nbconvert/templates/${TEMPLATE}/index.html.j2`]: page,
  'etc/jupyter/jupyter_nbconvert_config.json': asText({
    HTMLExporter: { template_name: TEMPLATE },
  }),
};

/** @param {object} value */
function asText(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Writes the template, and the settings that choose it, into the environment `venv` unless they are
 * there already.
 * @param {string} venv absolute path of the Python environment
 */
export function installTemplate(venv) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(venv, ...name.split('/'));
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
