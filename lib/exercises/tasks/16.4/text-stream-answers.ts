/** Right answers to 16.4.4, a text shown while it is written. */
import type { Alternative } from '../../exercise';

export const solution = `function textStream(stops: string[]) {
  const decoder = new TextDecoder();
  let held = ''; // decoded, but perhaps the beginning of a stop
  let isOver = false;
  const show = (isLast: boolean) => {
    const found = stops.map((stop) => held.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      isOver = true;
      return held.slice(0, Math.min(...found));
    }
    const mayBegin = (text: string) => stops.some((stop) => stop.startsWith(text));
    let from = isLast ? held.length : 0;
    while (from < held.length && !mayBegin(held.slice(from))) from++;
    const shown = held.slice(0, from);
    held = held.slice(from);
    return shown;
  };
  return {
    push(bytes: number[]): string {
      if (isOver) return '';
      held += decoder.decode(Uint8Array.from(bytes), { stream: true });
      return show(false);
    },
    end(): string {
      if (isOver) return '';
      held += decoder.decode(); // � for a character that is cut off
      return show(true);
    },
  };
}`;

export const others: readonly Alternative[] = [
  {
    says: 'decode all bytes again at each token, and remember how much of the text was shown',
    source: `function textStream(stops: string[]) {
  const all: number[] = [];
  let shown = 0;
  let isOver = false;
  const isBegun = (text: string) =>
    stops.some((stop) => text !== '' && stop.startsWith(text));
  const next = (text: string, isLast: boolean) => {
    if (isOver) return '';
    const places = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    isOver = places.length > 0;
    let to = isOver ? Math.min(...places) : text.length;
    if (!isOver && !isLast) {
      for (let at = to - 1; at >= shown; at--)
        if (isBegun(text.slice(at))) to = at;
    }
    const piece = text.slice(shown, to);
    shown = to;
    return piece;
  };
  const decode = () => new TextDecoder().decode(Uint8Array.from(all));
  return {
    push(bytes: number[]) {
      all.push(...bytes);
      return next(decode().replace(/�+$/, ''), false);
    },
    end: () => next(decode(), true),
  };
}`,
  },
  {
    says: 'a class; the bytes of a character are counted by its first byte',
    source: `class TextStream {
  private bytes: number[] = [];
  private text = '';
  private over = false;
  constructor(private readonly stops: string[]) {}
  push(token: number[]): string {
    for (const byte of token) {
      this.bytes.push(byte);
      const [first] = this.bytes;
      const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      if (this.bytes.length < size) continue;
      this.text += new TextDecoder().decode(Uint8Array.from(this.bytes));
      this.bytes = [];
      const stop = this.stops.find((each) => this.text.endsWith(each));
      if (this.over || stop === undefined) continue;
      const rest = this.text.slice(0, -stop.length);
      this.over = true;
      this.text = '';
      return rest;
    }
    return this.over ? '' : this.take();
  }
  private take(): string {
    const { text, stops } = this;
    const ends = Array.from(text, (_, n) => Array.from(text).slice(n).join(''));
    const held = ends.find((end) => stops.some((stop) => stop.startsWith(end))) ?? '';
    this.text = held;
    return text.slice(0, text.length - held.length);
  }
  end(): string {
    return this.over ? '' : this.text + (this.bytes.length > 0 ? '�' : '');
  }
}
const textStream = (stops: string[]) => new TextStream(stops);`,
  },
];
