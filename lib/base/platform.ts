/**
 * The one door to what Node and a browser do differently: files, settings, turns of the event loop,
 * threads. Nothing else in the rooms that run in both may name either. Bundlers for browsers take
 * platform/browser.ts in place of platform/node.ts, by the field `browser` of package.json.
 */
export { platform } from './platform/node';
