/** Checkpoints of any size that take no room on the disk. */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { settingsToJson } from '../../lib/files/config-json';
import { CONFIG_FILE, WEIGHTS_FILE } from '../../lib/files/model-files';
import { completeConfig, type GPTOptions } from '../../lib/model/config';
import { parameterShapes } from '../../lib/model/weights';

/**
 * Writes a checkpoint of `layers` blocks, else as `options`, into the new folder `folder`. All
 * numbers are 0, in a hole of the file, except the last one, which is `last`. Returns the bytes of
 * the weights.
 */
export function writeSparseCheckpoint(
  folder: string,
  options: Omit<GPTOptions, 'nLayer'>,
  { layers, last }: { layers: number; last: number },
): number {
  // completed with one block, because the settings of a model that is too large are refused
  const config = { ...completeConfig({ ...options, nLayer: 1 }), nLayer: layers };
  let bytes = 0;
  const entries = [...parameterShapes(config)].map(([name, shape]) => {
    const start = bytes;
    bytes += shape.reduce((product, size) => product * size, 4);
    return [`transformer.${name}`, { dtype: 'F32', shape, data_offsets: [start, bytes] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const number = Buffer.alloc(4);
  number.writeFloatLE(last);

  mkdirSync(folder);
  writeFileSync(path.join(folder, CONFIG_FILE), JSON.stringify(settingsToJson(config)));
  const file = openSync(path.join(folder, WEIGHTS_FILE), 'w');
  try {
    writeSync(file, Buffer.concat([length, header]));
    const end = length.length + header.length + bytes;
    ftruncateSync(file, end);
    writeSync(file, number, 0, 4, end - 4);
  } finally {
    closeSync(file);
  }
  return bytes;
}
