/**
 * Exported pages, by JupyterLab's menu and by `npm run notebooks -- --html`. nbconvert's usual
 * template draws no live plots, loads scripts from other hosts, and leaves out the `alt` text of
 * pictures, so readers who do not see them would hear "No description has been provided". A page by
 * the course's template has all of it inside, and works offline.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync,
  writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EARLIER_FOLDER, extensionFiles } from '../fitting/extension.mjs';
import { fittingScript } from '../fitting/script.mjs';
import { packagesOf } from './papermill-translator.mjs';

/** The name of the template. */
export const TEMPLATE = 'course';

/** plotly.js, of the Python package that draws the plots in JupyterLab too. */
const PLOTLY = 'plotly.min.js';

/** @param {string} venv absolute path of the Python environment */
export const plotlyFile = (venv) => join(packagesOf(venv), 'plotly', 'package_data', PLOTLY);

/**
 * JupyterLab's template with live plots. The still picture of a plot, or its sentence, is what a
 * page without scripts shows.
 */
const page = `{%- extends 'lab/index.html.j2' -%}
{%- set live = 'application/vnd.plotly.v1+json' -%}

{# It would be loaded from another host, for widgets only. #}
{% block html_head_js_requirejs %}{% endblock %}

{# It is loaded from another host: only for a notebook with formulas. #}
{% block html_head_js_mathjax %}
{%- set texts = nb.cells | selectattr('cell_type', 'equalto', 'markdown')
  | map(attribute='source') | join -%}
{%- if '$' in texts or '\\\\(' in texts -%}{{ super() }}{%- endif -%}
{% endblock html_head_js_mathjax %}

{# Long lines of code wrap on paper, where nothing scrolls. #}
{% block html_head_css %}
{{ super() }}
<style>
@media print {
  .jp-InputArea pre, .jp-OutputArea pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
</style>
{% endblock html_head_css %}

{% block data_png scoped %}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
{%- for name in ['width', 'height', 'alt'] %}
{%- set value = output | get_metadata(name, 'image/png') %}
{%- if value is not none %} {{ name }}="{{ value | escape_html }}"{% endif %}
{%- endfor %}>
</div>
{%- endblock data_png %}

{% block data_priority scoped %}
{%- if live in output.data -%}
<div class="course-plot jp-OutputArea-output">
<div>{{ super() }}</div>
<script type="application/json">{{ output.data[live] | tojson }}</script>
</div>
{%- else -%}
{{ super() }}
{%- endif -%}
{% endblock data_priority %}

{% block footer_js %}
{{ super() }}
{%- set plots = namespace(any=false) -%}
{%- for cell in nb.cells if cell.cell_type == 'code' -%}
{%- for output in cell.outputs if output.data and live in output.data -%}
{%- set plots.any = true -%}
{%- endfor -%}
{%- endfor -%}
{%- if plots.any -%}
{{ resources.include_js('static/${PLOTLY}') }}
<script>
for (const box of document.querySelectorAll('.course-plot')) {
  const { data, layout, frames, config } = JSON.parse(box.querySelector('script').textContent);
  const still = box.firstElementChild;
  const words = still.querySelector('img')?.alt ?? still.textContent.trim();
  const place = document.createElement('div');
  place.setAttribute('role', 'figure');
  place.setAttribute('aria-label', words);
  box.append(place);
  Plotly.newPlot(place, { data, layout, frames, config }).then(() => still.remove());
}
</script>
<script>
{% raw %}${fittingScript}{% endraw %}
</script>
{%- endif -%}
{% endblock footer_js %}
`;

/**
 * The files by their paths in a Python environment: the template, nbconvert's choice of it, which
 * JupyterLab gets as an argument, and the extension.
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
  ...extensionFiles,
};

/** @param {object} value */
function asText(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Writes the template, the settings that choose it, and the extension into the environment `venv`
 * unless they are there already.
 * @param {string} venv absolute path of the Python environment
 */
export function installTemplate(venv) {
  rmSync(join(venv, ...EARLIER_FOLDER.split('/')), { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    const file = join(venv, ...name.split('/'));
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const plotly = plotlyFile(venv);
  const copy = join(venv, 'share', 'jupyter', 'nbconvert', 'templates', TEMPLATE, 'static', PLOTLY);
  if (!existsSync(plotly) || sizeOf(copy) === sizeOf(plotly)) return;
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(plotly, copy);
}

/** @param {string} file */
const sizeOf = (file) => statSync(file, { throwIfNoEntry: false })?.size;
