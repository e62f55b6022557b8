import type { Exercise } from '../../exercise';
import { banned } from './banned';
import { bestByBeams } from './best-by-beams';
import { minPById } from './min-p-by-id';
import { nameFault } from './name-fault';
import { topPById } from './top-p-by-id';
import { yourTemperature } from './your-temperature';

/** The exercises of 16.7, in order. */
export const exercises: readonly Exercise[] = [
  yourTemperature,
  minPById,
  banned,
  topPById,
  bestByBeams,
  nameFault,
];
