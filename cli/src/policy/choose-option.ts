import { UsageError } from '../command.ts';

/** The value of an option that takes one of a few words. */
export function chooseOption<T extends string>(option: string, value: string | undefined, choices: readonly T[]): T {
  const found = choices.find((each) => each === value);
  if (found !== undefined) return found;
  const given = value === undefined ? 'is missing: it' : `"${value}" is not known: it`;
  throw new UsageError(`--${option} ${given} takes ${choices.join(' or ')}.`);
}
