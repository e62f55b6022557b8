/** The texts of the chosen language, and numbers as that language writes them. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { State } from '../state';
import { de } from './texts/de';
import { en, type Texts } from './texts/en';
import { zh } from './texts/zh';

export const TEXTS: Record<State['language'], Texts> = { en, zh, de };

/** The chosen language. */
export const Language = createContext<State['language']>('en');

export type TextKey = keyof Texts;

/** What is put in place of `{name}`. */
export type Values = Record<string, string | number>;

/** A text with its values. */
export const fill = (text: string, values: Values = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** How a number is written: `digits` after the point, `percent`, or shortened (`1.2M`). */
export type Style = number | 'percent' | 'compact' | 'small';

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(language: string, style: Style): Intl.NumberFormat {
  const key = `${language} ${style}`;
  let format = formats.get(key);
  if (!format) {
    const options: Intl.NumberFormatOptions = typeof style === 'number'
      ? { minimumFractionDigits: style, maximumFractionDigits: style }
      : style === 'percent'
      ? { style: 'percent', maximumFractionDigits: 1 }
      : style === 'small'
      ? { notation: 'scientific', maximumFractionDigits: 1 }
      : { notation: 'compact', maximumFractionDigits: 1 };
    formats.set(key, format = new Intl.NumberFormat(language, options));
  }
  return format;
}

/** Texts and numbers in one language. */
export interface Words {
  t(key: TextKey, values?: Values): string;
  number(value: number, style?: Style): string;
}

export function wordsOf(language: State['language']): Words {
  return {
    t: (key, values) => fill(TEXTS[language][key], values),
    number: (value, style = 2) =>
      Number.isFinite(value) ? formatOf(language, style).format(value) : value > 0 ? '∞' : '−∞',
  };
}

const all = { en: wordsOf('en'), zh: wordsOf('zh'), de: wordsOf('de') };

export const useWords = (): Words => all[useContext(Language)];
