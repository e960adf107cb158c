import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

export interface Running {
  readonly pid: number;
  /** What it printed last, for the message of a test that fails. */
  output(): string;
  /** Resolves when a line of its standard output has come that `take` makes something of. */
  firstLine(): Promise<string>;
  readonly exited: Promise<number | null>;
  /** SIGTERM, and SIGKILL after a while. */
  stop(graceMs?: number): Promise<void>;
  write(text: string): void;
}

const kept = 20_000;

/** Starts a program that ends with this process at the latest. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Running {
  const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  let isOver = false;
  let out = '';
  const waiting: ((line: string) => void)[] = [];
  const keep = (text: string): void => {
    said = `${said}${text}`.slice(-kept);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    keep(text);
    out = `${out}${text}`.slice(-kept);
    if (out.includes('\n')) for (const take of waiting.splice(0)) take(out.split('\n')[0] ?? '');
  });
  child.stderr.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(`${error.message}\n`));
  child.stdin.on('error', () => undefined);
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      isOver = true;
      process.removeListener('exit', kill);
      for (const take of waiting.splice(0)) take('');
      resolve(code);
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => said,
    firstLine: () =>
      new Promise((resolve) => {
        if (isOver || out.includes('\n')) resolve(out.split('\n')[0] ?? '');
        else waiting.push(resolve);
      }),
    exited,
    async stop(graceMs = 10_000) {
      if (isOver) return;
      child.kill('SIGTERM');
      const timer = setTimeout(kill, graceMs);
      await exited;
      clearTimeout(timer);
    },
    write: (text) => void child.stdin.write(text),
  };
}

/** Ports of the loopback address that nobody listens on; all are held until all are known. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Asks again and again until the answer is there; what was last wrong is in the error. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { withinMs = 30_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let wrong: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      wrong = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`${what}: not within ${withinMs} ms`, { cause: wrong });
}
