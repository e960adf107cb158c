import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'cli', 'bin', 'bartizan.mjs');

export interface RunningSandbox {
  /** The console's origin. */
  readonly url: string;
  readonly kubeconfig: string;
  close(): Promise<void>;
}

interface Options {
  readonly scenario?: 'quiet-day' | 'sqli-campaign' | 'broken-policy' | 'source-down';
}

/** Starts `bartizan sandbox` as a person would, on a free port, and waits until it is ready. */
export async function startSandbox({ scenario = 'quiet-day' }: Options = {}): Promise<RunningSandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-e2e-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const args = [program, 'sandbox', '--port', '0', '--scenario', scenario, '--kubeconfig', kubeconfig];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}:\n${errors}`)));
  });
  ended.catch(() => undefined);
  const url = (await Promise.race([firstLine(child.stdout), ended])) ?? (await ended);
  await Promise.race([untilReady(url), ended]);
  return {
    url,
    kubeconfig,
    async close() {
      if (child.exitCode === null) {
        const gone = new Promise((resolve) => {
          child.once('exit', resolve);
        });
        child.kill('SIGTERM');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Null where the stream ends before. */
async function firstLine(stream: NodeJS.ReadableStream): Promise<string | null> {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) {
    text += part;
    const end = text.indexOf('\n');
    if (end !== -1) {
      stream.resume();
      return text.slice(0, end);
    }
  }
  return null;
}

const readyWithinMs = 110_000;

async function untilReady(url: string): Promise<void> {
  const giveUpAt = Date.now() + readyWithinMs;
  for (;;) {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    if (response?.ok) return;
    if (Date.now() > giveUpAt) throw new Error(`not ready within ${readyWithinMs / 1000} s: ${await response?.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
