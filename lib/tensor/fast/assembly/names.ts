/** The numbers of the kernels that can be cut into tiles. */
export const OP_GEMM_PACK: i32 = 0;
export const OP_GEMM_ROWS: i32 = 1;
export const OP_NORM: i32 = 2;
export const OP_NORM_BACK: i32 = 3;
export const OP_NORM_BACK_WEIGHTS: i32 = 4;
export const OP_GELU: i32 = 5;
export const OP_GELU_BACK: i32 = 6;
export const OP_ATTEND: i32 = 7;
export const OP_ATTEND_BACK: i32 = 8;
export const OP_CROSS_ENTROPY: i32 = 9;
export const OP_SCATTER: i32 = 10;
export const OP_ADAMW: i32 = 11;
export const OP_MATVEC: i32 = 12;
export const OP_DOTS: i32 = 13;
export const OP_ATTEND_CACHED: i32 = 14;
