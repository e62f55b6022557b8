/** `value` as JSON in which every number keeps all its bits: −0, NaN and infinities as texts. */
export const exactJson = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, each: unknown) =>
      typeof each === 'number' && (Object.is(each, -0) || !Number.isFinite(each))
        ? `number ${Object.is(each, -0) ? '-0' : each}`
        : each,
  );
