import { readContainerMark } from '../container-line.ts';
import { failed } from '../reading.ts';
import type { Reading } from '../reading.ts';
import { accessLine } from './access-line.ts';
import type { AccessLine } from './access-line.ts';
import { combinedPattern, compileAccessPattern, ingressPattern } from './access-pattern.ts';
import type { AccessPattern } from './access-pattern.ts';
import { readJsonAccess } from './json-access.ts';

export type AccessFormat = 'ingress-nginx' | 'combined' | 'json' | 'pattern';

export interface AccessReader {
  /** The text of the user's own pattern; null where the format is found out by itself. */
  readonly pattern: string | null;
  read(line: string): Reading<AccessLine>;
  formatOf(line: string): AccessFormat | null;
}

/** Reads access lines: with the user's pattern where one is given, else in any of the formats it knows. */
export function createAccessReader(own: AccessPattern | null = null): AccessReader {
  const ingress = builtIn(ingressPattern, 'refused');
  const combined = builtIn(combinedPattern, 'ignored');
  const find = (whole: string): { format: AccessFormat; line: AccessLine } | null => {
    const line = whole.slice(readContainerMark(whole)?.length ?? 0);
    const tries: readonly [AccessFormat, () => ReturnType<AccessPattern['read']>][] = own
      ? [['pattern', () => own.read(line)]]
      : line.startsWith('{')
        ? [['json', () => readJsonAccess(line)]]
        : [
            ['ingress-nginx', () => ingress.read(line)],
            ['combined', () => combined.read(line)],
          ];
    for (const [format, read] of tries) {
      const fields = read();
      const found = fields && accessLine(fields);
      if (found) return { format, line: found };
    }
    return null;
  };
  return {
    pattern: own?.text ?? null,
    read(line) {
      const found = find(line);
      if (found) return { ok: true, value: found.line };
      return failed(own ? 'the line does not fit the given pattern' : 'not a line of a known access log');
    },
    formatOf: (line) => find(line)?.format ?? null,
  };
}

function builtIn(text: string, rest: 'refused' | 'ignored'): AccessPattern {
  const result = compileAccessPattern(text, { rest });
  if (!result.ok) throw new Error(result.message);
  return result.value;
}
