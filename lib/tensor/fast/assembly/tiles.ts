/** From the number of a kernel to the function that computes one of its tiles. */
import { packTile, rowsTile } from './gemm';
import { normBackTile, normBackWeightsTile, normTile } from './norm';
import { geluBackTile, geluTile } from './gelu';
import { attendBackTile, attendTile } from './attention';
import { crossEntropyTile, scatterTile } from './loss';
import { adamwTile } from './adamw';
import { linearRowsTile } from './linear-rows';
import { dotsTile } from './dots';
import { attendCachedTile } from './cached-attention';
import * as names from './names';

export function runTile(op: i32, tile: i32): void {
  switch (op) {
    case names.GEMM_PACK:
      return packTile(tile);
    case names.GEMM_ROWS:
      return rowsTile(tile);
    case names.NORM:
      return normTile(tile);
    case names.NORM_BACK:
      return normBackTile(tile);
    case names.NORM_BACK_WEIGHTS:
      return normBackWeightsTile(tile);
    case names.GELU:
      return geluTile(tile);
    case names.GELU_BACK:
      return geluBackTile(tile);
    case names.ATTEND:
      return attendTile(tile);
    case names.ATTEND_BACK:
      return attendBackTile(tile);
    case names.CROSS_ENTROPY:
      return crossEntropyTile(tile);
    case names.SCATTER:
      return scatterTile(tile);
    case names.ADAMW:
      return adamwTile(tile);
    case names.MATVEC:
      return linearRowsTile(tile);
    case names.DOTS:
      return dotsTile(tile);
    case names.ATTEND_CACHED:
      return attendCachedTile(tile);
  }
}
