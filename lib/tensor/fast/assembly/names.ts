/** The numbers of the kernels that can be cut into tiles. */
export const GEMM_PACK: i32 = 0;
export const GEMM_ROWS: i32 = 1;
export const NORM: i32 = 2;
export const NORM_BACK: i32 = 3;
export const NORM_BACK_WEIGHTS: i32 = 4;
export const GELU: i32 = 5;
export const GELU_BACK: i32 = 6;
export const ATTEND: i32 = 7;
export const ATTEND_BACK: i32 = 8;
export const CROSS_ENTROPY: i32 = 9;
export const SCATTER: i32 = 10;
export const ADAMW: i32 = 11;
export const MATVEC: i32 = 12;
export const DOTS: i32 = 13;
export const ATTEND_CACHED: i32 = 14;
