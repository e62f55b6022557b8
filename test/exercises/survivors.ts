/**
 * Changes to solutions that the checks accept, by exercise and mutation, each with the reason why
 * the changed solution is right as well.
 */
export const SURVIVORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
