/** The list of bugs that projects shipped: each is run in its section, which prints its numbers. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { findNotebooks, isCode, readNotebook, type Text,
  textOf } from '../../lib/course/notebooks/notebook';
import { exercisesOn } from '../../lib/exercises/bug-exercises';
import { SHIPPED_BUGS } from '../../lib/experiments/shipped-bugs';

/** The texts and the printed outputs of each section, `16.2.6` for example, over all notebooks. */
const sections = new Map<string, { texts: string; printed: string }>();
for (const file of findNotebooks()) {
  let section = basename(file).slice(0, 4);
  for (const cell of readNotebook(file).cells) {
    const source = textOf(cell.source);
    if (!isCode(cell)) [, section = section] = /^## (16\.\d\.\d+)/m.exec(source) ?? [];
    const { texts, printed } = sections.get(section) ?? { texts: '', printed: '' };
    const outputs = isCode(cell) ? cell.outputs : [];
    const words = outputs.map((output) =>
      output.output_type === 'stream'
        ? textOf(output.text)
        : 'data' in output
        ? textOf((output.data['text/plain'] ?? '') as Text)
        : ''
    );
    sections.set(section, { texts: isCode(cell) ? texts : `${texts}\n${source}`,
      printed: [printed, ...words].join('\n') });
  }
}

const numbersIn = (text: string): number[] =>
  [...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([digits]) => Number(digits.replaceAll(',', '')));

test.each(SHIPPED_BUGS)('$section measures and reports "$bug"', ({ section, size, reports }) => {
  const found = sections.get(section);
  expect(found, `there is no section ${section}`).toBeDefined();
  const printed = new Set(numbersIn(found!.printed));
  expect(numbersIn(size).length).toBeGreaterThan(0);
  expect(numbersIn(size).filter((number) => !printed.has(number))).toEqual([]);
  expect(reports.length).toBeGreaterThan(0);
  for (const { repository, number } of reports) {
    expect(repository).toMatch(/^[\w.-]+\/[\w.-]+$/);
    expect(numbersIn(found!.texts), `${repository} ${number}`).toContain(number);
  }
});

test('the bugs are in the order of their sections, each once', () => {
  const order = SHIPPED_BUGS.map(({ section }) => section);
  expect([...order].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))).toEqual(order);
  const names = SHIPPED_BUGS.map(({ bug }) => bug);
  expect(new Set(names).size).toBe(names.length);
});

test('more than half of them have an exercise, as 16.9 says', () => {
  const met = SHIPPED_BUGS.filter(({ bug }) => exercisesOn(bug).length > 0).length;
  expect(met).toBeGreaterThan(SHIPPED_BUGS.length / 2);
  expect(met).toBeLessThan(SHIPPED_BUGS.length); // else it can say "each"
});
