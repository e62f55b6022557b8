import { defaultState } from './state';
export const PRESETS = [{ name: 'x', state: defaultState() }];
