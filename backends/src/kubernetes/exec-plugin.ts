import { spawn } from 'node:child_process';
import type { ExecPlugin } from './kubeconfig.ts';
import { parseJson } from './decode.ts';
import { recordOf, textOf } from './json.ts';

export interface ExecCredential {
  readonly token: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  /** Infinity where the plugin names no end. */
  readonly expiresAtMs: number;
}

const longestMs = 60_000;
const longestAnswer = 1024 * 1024;

export type AskPlugin = (plugin: ExecPlugin, how: { readonly fresh: boolean }) => Promise<ExecCredential>;

/** A plugin may open a browser, so it is run once for all who wait, and not again at once when its credentials are refused. */
const leastBetweenRunsMs = 10_000;

export function createPluginRunner(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
}): AskPlugin {
  const { environment, clock } = options;
  const runs = new Map<string, { credential: Promise<ExecCredential>; startedMs: number; expiresAtMs: number }>();
  return (plugin, { fresh }) => {
    const key = JSON.stringify(plugin);
    const known = runs.get(key);
    const isYoung = known !== undefined && clock() - known.startedMs < leastBetweenRunsMs;
    if (known !== undefined && clock() < known.expiresAtMs && (isYoung || !fresh)) return known.credential;
    const credential = runExecPlugin(plugin, environment);
    const run = { credential, startedMs: clock(), expiresAtMs: Number.POSITIVE_INFINITY };
    runs.set(key, run);
    credential.then(
      ({ expiresAtMs }) => (run.expiresAtMs = expiresAtMs),
      () => runs.delete(key),
    );
    return credential;
  };
}

/** Runs a credential plugin as client-go does: no terminal, the question in KUBERNETES_EXEC_INFO, the answer on standard output. */
export async function runExecPlugin(
  plugin: ExecPlugin,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ExecCredential> {
  const question = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.cluster === null ? {} : { cluster: plugin.cluster }) },
  };
  const env = { ...environment, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(question) };
  const output = await run(plugin, env);
  const status = recordOf(recordOf(parseJson(output))['status']);
  const expires = Date.parse(textOf(status['expirationTimestamp']));
  const credential = {
    token: textOf(status['token']) || null,
    cert: textOf(status['clientCertificateData']) || null,
    key: textOf(status['clientKeyData']) || null,
    expiresAtMs: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
  };
  if (credential.token === null && credential.cert === null)
    throw new Error(`the credential plugin ${plugin.command} gave neither a token nor a certificate`);
  return credential;
}

function run(plugin: ExecPlugin, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, [...plugin.args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestMs,
    });
    let [output, complaint] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > longestAnswer) child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = `${complaint}${text}`.slice(-2000);
    });
    child.on('error', (error) =>
      reject(new Error(`the credential plugin ${plugin.command} did not start: ${error.message}`)),
    );
    child.on('close', (code) => {
      if (code === 0) return resolve(output);
      const last = complaint.trim().split('\n').at(-1) ?? '';
      reject(new Error(`the credential plugin ${plugin.command} ended with ${code ?? 'a signal'}: ${last}`));
    });
  });
}
