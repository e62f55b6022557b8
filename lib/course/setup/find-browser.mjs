/** Finds browsers of the reader: for the still pictures of plots, and for tests. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Advice for readers without one. */
export const howToGetABrowser =
  'Install Chromium, Chrome or Edge (apt install chromium, brew install --cask chromium, winget '
  + 'install Google.Chrome), or set COURSE_BROWSER to the path of one.';

/** The same for Firefox, in which only tests run. */
export const howToGetFirefox =
  'Install Firefox (apt install firefox-esr, brew install --cask firefox, winget install '
  + 'Mozilla.Firefox), or set COURSE_FIREFOX to the path of one.';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
  'microsoft-edge',
];

/**
 * The program of a Chromium browser: `COURSE_BROWSER` if it is set, otherwise the first of the
 * usual names on the PATH and of the folders where installers put it. Undefined if there is none.
 */
export function findBrowser() {
  const chosen = process.env['COURSE_BROWSER'];
  return (chosen ? [chosen] : [...onPath(names), ...usualPlaces()]).find(isProgram);
}

/** The program of Firefox: `COURSE_FIREFOX` if it is set, otherwise found in the same way. */
export function findFirefox() {
  const chosen = process.env['COURSE_FIREFOX'];
  const places = [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    join(process.env['PROGRAMFILES'] ?? '', 'Mozilla Firefox', 'firefox.exe'),
  ];
  return (chosen ? [chosen] : [...onPath(['firefox-esr', 'firefox']), ...places]).find(isProgram);
}

/** @param {readonly string[]} programs */
function onPath(programs) {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return programs.flatMap((name) => folders.map((folder) => join(folder, name + ending)));
}

/** @returns {string[]} */
function usualPlaces() {
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  if (process.platform !== 'win32') return ['/snap/bin/chromium', '/opt/google/chrome/chrome'];
  return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    if (!folder) return [];
    return [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ];
  });
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
