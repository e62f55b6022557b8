/** Numbers that a cell reports by name, so that programs find them in the executed notebook. */
import { checkNames } from '../base/checks';
import { notebookDisplay } from './show';
import { formatNumber } from './summary-words';

/** The MIME type of a {@link RecordedNumber} among the outputs of a cell. */
export const NUMBER_MIME = 'application/vnd.course.number+json';

/** What {@link record} adds to a cell's output. */
export interface RecordedNumber {
  readonly name: string;
  /** JSON has no infinities and no NaN: these are texts such as `NaN`. */
  readonly value: number | string;
  /** Empty for a bare number. */
  readonly unit: string;
}

/**
 * Prints a line such as `loss of the last batch: 0.96 nats`, and keeps the exact number under its
 * name: `npm run sweep` lists it for every point.
 * @param value any number, also NaN: a run that diverges is still a result
 * @throws RangeError for an option other than `unit`
 */
export function record(name: string, value: number, options: { unit?: string } = {}): void {
  checkNames('option', options, ['unit']);
  const { unit = '' } = options;
  const digits = Number.isInteger(value) ? String(value) : formatNumber(value);
  const text = `${name}: ${digits}${unit && ` ${unit}`}`;
  const display = notebookDisplay();
  const kept: RecordedNumber = { name, value: Number.isFinite(value) ? value : String(value),
    unit };
  if (display) display.display({ [NUMBER_MIME]: kept, 'text/plain': text });
  else console.log(text);
}
