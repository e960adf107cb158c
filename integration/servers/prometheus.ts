import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedProgram, missing } from './installed.ts';
import type { Running } from './process.ts';
import { freePorts, startProgram, until } from './process.ts';

export const prometheusMissing = missing({ prometheus: installedProgram('prometheus') });

export interface PrometheusServer {
  readonly url: string;
  /** Its own API, for what a test works out itself. */
  query(
    query: string,
    atMs: number,
  ): Promise<
    readonly {
      metric: Readonly<Record<string, string>>;
      value?: readonly [number, string];
      values?: readonly [number, string][];
    }[]
  >;
  /** When it scraped in the last minutes. */
  scrapedAtMs(): Promise<readonly number[]>;
  start(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** Debian's Prometheus with a configuration of its own: one target, scraped every second. */
export async function startPrometheus(metricsUrl: string, flags: readonly string[] = []): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-prometheus-'));
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const { host, pathname } = new URL(metricsUrl);
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'hubble', metrics_path: pathname, static_configs: [{ targets: [host] }] }],
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  let server: Running | null = null;

  async function query(text: string, atMs: number) {
    const form = new URLSearchParams({ query: text, time: `${atMs / 1000}` });
    const response = await fetch(`${url}/api/v1/query?${form}`);
    return (await response.json()).data.result;
  }

  async function start(): Promise<void> {
    server = startProgram(installedProgram('prometheus') ?? '', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
      ...flags,
    ]);
    const startedSeconds = Date.now() / 1000;
    await until('Prometheus scrapes', async () => {
      const up = await query(`timestamp(up) > ${startedSeconds}`, Date.now());
      return up.length > 0 ? true : undefined;
    });
  }

  await start();
  return {
    url,
    query,
    async scrapedAtMs() {
      const [up] = await query('up[3m]', Date.now());
      return up?.values.map(([seconds]: [number]) => Math.round(seconds * 1000)) ?? [];
    },
    start,
    stop: async () => server?.stop(5000),
    async remove() {
      await server?.stop(2000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
