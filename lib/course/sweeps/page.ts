/** The page of a sweep: one file that works offline. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fittingScript } from '../fitting/script.mjs';
import { plotlyFile } from '../setup/nbconvert-template.mjs';
import { venv } from '../setup/paths.mjs';
import { namesOf, type Point } from './collect';

/** The page of these points, with plotly inside. Notebooks are linked by their names. */
export function sweepPage(title: string, points: readonly Point[]): string {
  const plotly = readFileSync(plotlyFile(venv), 'utf8');
  const style = readFileSync(join(__dirname, 'in-browser.css'), 'utf8');
  const [overlay, script] = ['overlay.js', 'in-browser.js'].map((name) =>
    readFileSync(join(__dirname, name), 'utf8')
  );
  const keyed = points.map((point) => {
    const keys = namesOf(point.numbers);
    return { ...point, numbers: point.numbers.map((each, i) => ({ ...each, key: keys[i] })) };
  });
  const data = JSON.stringify(keyed).replaceAll('<', '\\u003c'); // no </script> in it
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
<h1>${escaped(title)}</h1>
<p id="common"></p>
<p>
<label>Figure <select id="figure"></select></label>
<label><input type="checkbox" id="overlay"> all points in one figure</label>
</p>
<div id="figures"></div>
<div class="wide"><table id="points"></table></div>
<h2 id="numbers-title">Numbers that the cells record</h2>
<div class="wide"><table id="numbers"></table></div>
<script>${plotly}</script>
<script type="application/json" id="data">${data}</script>
<script>${overlay}</script>
<script>${script}</script>
<script>${fittingScript}</script>
</html>
`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
