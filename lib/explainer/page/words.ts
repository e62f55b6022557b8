/** The texts of the chosen language, and numbers as that language writes them. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { State } from '../state';
import { de } from './texts/de';
import { en, type Texts } from './texts/en';
import { zh } from './texts/zh';

export const TEXTS_BY_LANGUAGE: Record<State['language'], Texts> = { en, zh, de };

/** The chosen language. */
export const LanguageContext = createContext<State['language']>('en');

export type TextKey = keyof Texts;

/** What is put in place of `{name}`. */
export type Values = Record<string, string | number>;

/** A text with its values. */
export const fill = (text: string, values: Values = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/**
 * How a number is written: with so many digits after the point, as percent, shortened (`1.2M`), or
 * a `small` one with a power of ten.
 */
export type Style = number | 'percent' | 'compact' | 'small';

/** Those that `Intl` writes. */
type Plain = Exclude<Style, 'small'>;

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(language: string, style: Plain): Intl.NumberFormat {
  const key = `${language} ${style}`;
  let format = formats.get(key);
  if (!format) {
    const options: Intl.NumberFormatOptions = typeof style === 'number'
      ? { minimumFractionDigits: style, maximumFractionDigits: style }
      : style === 'percent'
      ? { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }
      : { notation: 'compact', minimumFractionDigits: 1, maximumFractionDigits: 1 };
    formats.set(key, format = new Intl.NumberFormat(language, options));
  }
  return format;
}

/** Texts and numbers in one language. */
export interface Words {
  t: (key: TextKey, values?: Values) => string;
  number: (value: number, style?: Style) => string;
}

export function wordsOf(language: State['language']): Words {
  return {
    t: (key, values) => fill(TEXTS_BY_LANGUAGE[language][key], values),
    number: (value, style = 2) => {
      if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
      if (style === 'small') return small(language, value);
      const isCount = style === 'compact' && Math.abs(value) < 1000;
      return formatOf(language, isCount ? 0 : style).format(value).replace('-', '−');
    },
  };
}

/** `3.1 × 10⁻⁶`. */
function small(language: State['language'], value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -3) return formatOf(language, exponent < 0 ? 4 : 0).format(value);
  const power = String(exponent).replace('-', '⁻').replace(
    /\d/g,
    (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!,
  );
  return `${formatOf(language, 1).format(value / 10 ** exponent)} × 10${power}`;
}

const all = { en: wordsOf('en'), zh: wordsOf('zh'), de: wordsOf('de') };

export const useWords = (): Words => all[useContext(LanguageContext)];
