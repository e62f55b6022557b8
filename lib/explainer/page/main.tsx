/** Starts the page. */
import './style.css';
import { render } from 'preact';
import { Models } from '../engine/models';
import { fromAddress } from '../address';
import { App } from './app';
import { receiveFiles } from './load-files';
import { usePalette } from './parts/colors';
import { wordsOf } from './words';

const page = document.getElementById('page')!;
usePalette();
if (typeof WebAssembly === 'undefined') {
  const { t } = wordsOf(fromAddress(location.hash).state.language);
  render(<p class="problem banner" role="alert">{t('noWebAssembly')}</p>, page);
} else {
  receiveFiles();
  render(<App models={new Models()} />, page);
}
