/** How an answer can fail to be what was asked for, before its result is looked at. */

/** An answer returned a promise where a value was wanted. */
export class PromiseReturned extends Error {
  override readonly name = 'PromiseReturned';
}

/** An answer is not a function where one was wanted. */
export class NotAFunction extends Error {
  override readonly name = 'NotAFunction';
}
