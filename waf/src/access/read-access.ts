import { openLine, openLogfmt, openObject } from '../envelope.ts';
import { isProgramLine, looksLikeError } from '../other-lines.ts';
import { objectOf, parseJson } from '../audit/json-value.ts';
import { failed } from '../reading.ts';
import type { Reading } from '../reading.ts';
import { accessLine } from './access-line.ts';
import type { AccessLine } from './access-line.ts';
import {
  combinedPattern,
  commonPattern,
  compileAccessPattern,
  envoyPatterns,
  ingressPatterns,
} from './access-pattern.ts';
import type { AccessPattern } from './access-pattern.ts';
import { readJsonAccess } from './json-access.ts';

export type AccessFormat = 'ingress-nginx' | 'combined' | 'envoy' | 'json' | 'pattern';

/** A line of another program that writes into the same stream is passed over, with the reason. */
export type AccessReading = Reading<AccessLine> | { readonly ok: 'passed-over'; readonly reason: string };

export interface AccessReader {
  /** The text of the user's own pattern; null where the format is found out by itself. */
  readonly pattern: string | null;
  read(line: string): AccessReading;
  formatOf(line: string): AccessFormat | null;
}

interface Found {
  readonly format: AccessFormat;
  readonly line: AccessLine;
}

/** A container's line with a shipper's object with a line is three deep. */
const deepest = 3;

/** Reads access lines: with the user's pattern where one is given, else in any of the formats it knows. */
export function createAccessReader(own: AccessPattern | null = null): AccessReader {
  const known: readonly [AccessFormat, AccessPattern][] = own
    ? [['pattern', own]]
    : [
        ...ingressPatterns.map((text) => builtIn('ingress-nginx', text)),
        builtIn('combined', combinedPattern),
        builtIn('combined', commonPattern, 'refused'),
        ...envoyPatterns.map((text) => builtIn('envoy', text)),
      ];

  const findPattern = (line: string): Found | null => {
    // A line of ingress-nginx ends with an id: whatever ends with a quote need not be tried as one.
    const isQuoted = line.endsWith('"');
    for (const [format, pattern] of known) {
      if (isQuoted && format === 'ingress-nginx') continue;
      const fields = pattern.read(line);
      const found = fields && accessLine(fields);
      if (found) return { format, line: found };
    }
    return null;
  };

  const find = (whole: string, depth: number): Found | null => {
    const { text } = openLine(whole);
    const fits = own ? findPattern(text) : null;
    if (fits) return fits;
    if (!text.startsWith('{')) return findPattern(text) ?? within(openLogfmt(text)?.text, depth);
    const fields = own ? null : readJsonAccess(text);
    const found = fields && accessLine(fields);
    return found ? { format: 'json', line: found } : within(openObject(objectOf(parseJson(text)))?.text, depth);
  };

  const within = (text: string | undefined, depth: number): Found | null =>
    text === undefined || depth === deepest ? null : find(text, depth + 1);

  return {
    pattern: own?.text ?? null,
    read(line) {
      const found = find(line, 0);
      if (found) return { ok: true, value: found.line };
      const other = otherLine(openLine(line).text);
      if (other) return { ok: 'passed-over', reason: other };
      return failed(own ? 'the line does not fit the given pattern' : 'not a line of a known access log');
    },
    formatOf: (line) => find(line, 0)?.format ?? null,
  };
}

/** What stands beside access lines in a container's output: the firewall's records, errors, and what the program itself says. */
function otherLine(text: string): string | null {
  if (text.includes('"transaction":{') || text.startsWith('--')) return 'a record of an audit log';
  if (looksLikeError(text)) return 'a line of an error log';
  return isProgramLine(text) || /^\{.*"(?:level|log|message|msg|MESSAGE)":/.test(text.slice(0, 2000))
    ? 'a line of another program'
    : null;
}

function builtIn(
  format: AccessFormat,
  text: string,
  rest: 'refused' | 'ignored' = 'ignored',
): [AccessFormat, AccessPattern] {
  const result = compileAccessPattern(text, { rest });
  if (!result.ok) throw new Error(result.message);
  return [format, result.value];
}
