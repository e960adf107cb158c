import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

/** 0 fine; 1 findings; 2 the command could not do its work. */
export type ExitCode = 0 | 1 | 2;

/** What a command may touch of the outside: tests pass their own. */
export interface Io {
  /** Standard output: results only. Resolves when the reader can take more. */
  out(text: string): Promise<void>;
  /** Standard error: progress, warnings, errors. */
  err(text: string): void;
  readonly stdin: NodeJS.ReadableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  readonly default?: string | boolean | string[];
  /** One line of help, without the value's name. */
  readonly describe: string;
  /** What stands for the value in the help: `FILE`, `json|text`. */
  readonly value?: string;
}

type Options = Readonly<Record<string, OptionSpec>>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>>;

export interface Invocation<O extends Options> {
  readonly values: Parsed<O>['values'];
  readonly positionals: readonly string[];
  readonly io: Io;
}

/** One command, with its options already bound: `policy check`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}

interface Definition<O extends Options> {
  /** All words: `policy check`. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** The arguments after the name, as the help shows them: `PATH…`. */
  readonly args?: string;
  /** How many positional arguments it takes. */
  readonly positionals?: { readonly min?: number; readonly max?: number };
  readonly options: O;
  /** More help: examples, exit codes. */
  readonly details?: string;
  run(invocation: Invocation<O>): Promise<ExitCode>;
}

/** The user asked for something the command does not offer: printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not do its work (a file that cannot be read, a source that refuses): printed without a stack, exit code 2. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const help = { type: 'boolean', short: 'h', describe: 'show this help' } as const;

export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  return {
    name: definition.name,
    summary: definition.summary,
    help: helpOf(definition),
    async run(args, io) {
      if (args.includes('--help') || args.includes('-h')) {
        await io.out(helpOf(definition));
        return 0;
      }
      const { values, positionals } = parse(definition, args);
      return definition.run({ values, positionals, io });
    },
  };
}

function parse<O extends Options>(definition: Definition<O>, args: readonly string[]): Parsed<O> {
  const config = { args: [...args], options: definition.options, allowPositionals: true, strict: true } as const;
  const parsed = parseOrExplain(config, definition.name) as Parsed<O>;
  const { min = 0, max = Infinity } = definition.positionals ?? { max: 0 };
  const count = parsed.positionals.length;
  if (count < min) throw new UsageError(`bartizan ${definition.name} needs ${definition.args ?? 'more arguments'}`);
  if (count > max)
    throw new UsageError(`bartizan ${definition.name} does not know what to do with "${parsed.positionals[max]}"`);
  return parsed;
}

function parseOrExplain(config: ParseArgsConfig, name: string): unknown {
  try {
    return parseArgs(config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`bartizan ${name}: ${reason}`);
  }
}

function helpOf(definition: Definition<Options>): string {
  const rows = Object.entries({ ...definition.options, help }).map(([name, option]): [string, string] => {
    const spec: OptionSpec = option;
    const short = spec.short ? `-${spec.short}, ` : '';
    const value = spec.type === 'string' ? ` ${spec.value ?? 'VALUE'}` : '';
    const preset = spec.default === undefined || spec.default === false ? '' : ` (default: ${String(spec.default)})`;
    return [`${short}--${name}${value}`, `${spec.describe}${preset}`];
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  const options = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
  const details = definition.details ? `\n\n${definition.details.trim()}` : '';
  const args = definition.args ? ` ${definition.args}` : '';
  return `${definition.summary}\n\nUsage: bartizan ${definition.name} [options]${args}\n\n${options}${details}\n`;
}
