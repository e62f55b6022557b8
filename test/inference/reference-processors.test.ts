import { describe, expect, it } from 'vitest';
import { nextTokenProbabilities, type ProcessorOptions } from '../../lib/index';
import { largestDifference, readFixture } from '../model/reference-data';

interface Case {
  logitsName: string;
  options: ProcessorOptions;
  previousIds: number[];
  probabilities: number[];
}

interface Processors {
  logits: Record<string, (number | '-Infinity')[]>;
  cases: Case[];
}

const { logits, cases } = readFixture<Processors>('processors.json');

describe('the distribution after all processors equals that of Hugging Face transformers', () => {
  for (const [name, values] of Object.entries(logits)) {
    const own = cases.filter((one) => one.logitsName === name);
    it(`for logits that are ${name}, in ${own.length} settings`, () => {
      const numbers = Float32Array.from(values, Number);
      const wrong = own.filter(({ options, previousIds, probabilities }) => {
        const found = nextTokenProbabilities(numbers, options, previousIds);
        // The reference is float32: probabilities differ by about 1e-7. A token too many differs by
        // all its probability.
        return !(largestDifference(found, probabilities) < 1e-5);
      });
      expect(wrong.map(({ options, previousIds }) => ({ options, previousIds }))).toEqual([]);
      expect(own.length).toBeGreaterThan(20);
    });
  }
});
