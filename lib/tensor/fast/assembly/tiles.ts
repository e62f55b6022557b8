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
    case names.OP_GEMM_PACK:
      return packTile(tile);
    case names.OP_GEMM_ROWS:
      return rowsTile(tile);
    case names.OP_NORM:
      return normTile(tile);
    case names.OP_NORM_BACK:
      return normBackTile(tile);
    case names.OP_NORM_BACK_WEIGHTS:
      return normBackWeightsTile(tile);
    case names.OP_GELU:
      return geluTile(tile);
    case names.OP_GELU_BACK:
      return geluBackTile(tile);
    case names.OP_ATTEND:
      return attendTile(tile);
    case names.OP_ATTEND_BACK:
      return attendBackTile(tile);
    case names.OP_CROSS_ENTROPY:
      return crossEntropyTile(tile);
    case names.OP_SCATTER:
      return scatterTile(tile);
    case names.OP_ADAMW:
      return adamwTile(tile);
    case names.OP_MATVEC:
      return linearRowsTile(tile);
    case names.OP_DOTS:
      return dotsTile(tile);
    case names.OP_ATTEND_CACHED:
      return attendCachedTile(tile);
  }
}
