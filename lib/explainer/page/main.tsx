import './style.css';
import { render } from 'preact';
import { PULL_REQUESTS } from '../../base/paths';
import { generate } from '../../inference/generate';
import { wordTokenizer } from '../../language/little-language';
import { GPT } from '../../model/gpt';
import { LATER_FILES, loadLater, receiveFiles } from './files';

async function main() {
  receiveFiles();
  await loadLater([LATER_FILES[1]]);
  const model = await GPT.load(PULL_REQUESTS);
  const prompt = wordTokenizer.encode('The agent opened a pull request');
  const { sequences } = await generate(model, [prompt]);
  history.pushState(null, '', '#a=1');
  history.replaceState(null, '', '#a=2');
  render(<p id="answer">{wordTokenizer.decode(sequences[0]!)} {location.hash} {performance.now()}</p>, document.getElementById('page')!);
}
void main();
