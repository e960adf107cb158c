import { commands } from './commands.ts';
import { CommandError, UsageError } from './command.ts';
import type { Command, ExitCode, Io } from './command.ts';

/** Runs one command line, given without the program's name, and sets the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort(new Error(name)));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  process.exitCode = await runCommandLine(args, processIo(interrupt.signal));
}

/** The same without a process: what `main` returns is the exit code. */
export async function runCommandLine(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const { command, rest } = await findCommand(args);
    if (command) return await command.run(rest, io);
    const asked = args.length > 0 && args.every((word) => word === '--help' || word === '-h' || word === 'help');
    if (asked) await io.out(overview());
    else io.err(args.length === 0 ? overview() : unknownCommand(args));
    return asked ? 0 : 2;
  } catch (error) {
    if (error instanceof UsageError) io.err(`${error.message}\nTry --help.\n`);
    else if (error instanceof CommandError) io.err(`${error.message}\n`);
    else
      io.err(
        `bartizan failed, which is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    return 2;
  }
}

async function findCommand(args: readonly string[]): Promise<{ command?: Command; rest: readonly string[] }> {
  for (const words of [2, 1]) {
    const entry = commands[args.slice(0, words).join(' ')];
    if (entry && args.length >= words) return { command: await entry.load(), rest: args.slice(words) };
  }
  return { rest: args };
}

function unknownCommand(args: readonly string[]): string {
  const group = Object.keys(commands).filter((name) => name.startsWith(`${args[0]} `));
  const known = group.length > 0 ? group : Object.keys(commands);
  const named = args.slice(0, group.length > 0 ? 2 : 1).join(' ');
  const lines = known.map((name) => `  bartizan ${name}`).join('\n');
  return args.includes('--help') || args.includes('-h')
    ? overview(args[0])
    : `bartizan has no command "${named}". It has:\n${lines}\n`;
}

function overview(group = ''): string {
  const rows = Object.entries(commands).filter(([name]) => name.startsWith(group));
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`).join('\n');
  return `Bartizan shows what attacks an application in Kubernetes, what its network drops, and the policies that decide it.\n\nUsage: bartizan COMMAND [options]\n\n${lines}\n\nbartizan COMMAND --help says more.\n`;
}

function processIo(signal: AbortSignal): Io {
  return {
    out: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    err: (text) => void process.stderr.write(text),
    stdin: process.stdin,
    env: process.env,
    signal,
  };
}
