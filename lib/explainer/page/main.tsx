/** Starts the page. */
import './style.css';
import { render } from 'preact';
import { Models } from '../engine/models';
import { App } from './app';
import { receiveFiles } from './load-files';
import { usePalette } from './parts/colors';

usePalette();
receiveFiles();
render(<App models={new Models()} />, document.getElementById('page')!);
