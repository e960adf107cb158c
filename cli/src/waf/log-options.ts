import { compileAccessPattern, readTimeZone } from '@bartizan/waf';
import type { AccessPattern, TimeZone } from '@bartizan/waf';
import { UsageError } from '../command.ts';
import type { Io } from '../command.ts';
import { listLogs, openLogInput } from './log-input.ts';
import type { LogInput } from './log-input.ts';

/** How commands on logs are told what to read. */
export const logOptions = {
  access: {
    type: 'string',
    multiple: true,
    value: 'LOG',
    describe: 'access log of the same time; everything after it is one, too',
  },
  'access-format': {
    type: 'string',
    value: 'PATTERN',
    describe: "the access log's format, as nginx's log_format has it",
  },
  'time-zone': {
    type: 'string',
    value: 'ZONE',
    describe: "of times without one, such as +02:00 or Europe/Berlin; else the access log's, else UTC",
  },
} as const;

interface Asked {
  readonly values: {
    readonly access?: string[] | undefined;
    readonly 'access-format'?: string | undefined;
    readonly 'time-zone'?: string | undefined;
  };
  readonly positionals: readonly string[];
  readonly io: Io;
}

export interface Logs {
  readonly audit: readonly LogInput[];
  readonly access: readonly LogInput[];
  readonly pattern: AccessPattern | null;
  readonly timeZone: TimeZone | null;
}

export async function openLogs({ values, positionals, io }: Asked): Promise<Logs> {
  const timeZone = zoneOf(values['time-zone']);
  const pattern = patternOf(values['access-format']);
  const [audit, access] = [await listLogs(positionals), await listLogs(values.access ?? [])];
  return {
    audit: audit.map((path) => openLogInput(path, io)),
    access: access.map((path) => openLogInput(path, io)),
    pattern,
    timeZone,
  };
}

/** `LOG… --access A B`: what follows the option are access logs as well, as long as a log stands before it. */
export function repeatAccess(args: readonly string[]): readonly string[] {
  const out: string[] = [];
  let isAccess = false;
  let hasLog = false;
  let takesValue = false;
  for (const arg of args) {
    const isOption = arg.startsWith('-') && arg !== '-';
    if (isAccess && hasLog && !isOption && !takesValue) out.push('--access');
    if (!isAccess && !isOption && !takesValue) hasLog = true;
    if (isOption) isAccess = arg === '--access' || arg.startsWith('--access=');
    takesValue = isOption && !arg.includes('=') && arg !== '--help' && arg !== '-h';
    out.push(arg);
  }
  return out;
}

function zoneOf(text: string | undefined): TimeZone | null {
  if (text === undefined) return null;
  const zone = readTimeZone(text);
  if (!zone) throw new UsageError(`--time-zone is written like UTC, +02:00 or Europe/Berlin, not "${text}"`);
  return zone;
}

function patternOf(text: string | undefined): AccessPattern | null {
  if (text === undefined) return null;
  const pattern = compileAccessPattern(text, { rest: 'ignored' });
  if (!pattern.ok) throw new UsageError(`--access-format: ${pattern.message}`);
  return pattern.value;
}

export function topOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--top is a number from 1, not "${text}"`);
  return Number(text);
}
