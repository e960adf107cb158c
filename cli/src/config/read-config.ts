import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LineCounter, isNode, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { CommandError } from '../command.ts';
import { Config } from './config.ts';
import { firewallProblems } from './firewalls.ts';

/** Reads the configuration; a wrong one is refused with file, line and a sentence for each thing that is wrong. */
export async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(
      `${file}: cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
    );
  });
  return parseConfig(text, file);
}

export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax)
    throw new CommandError(`${file}:${lines.linePos(syntax.pos[0]).line}: this is not YAML: ${syntax.message}`);
  const parsed = Config.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const lineOf = (path: readonly PropertyKey[]): number => lines.linePos(offsetOf(document, path)).line;
    throw new CommandError(
      parsed.error.issues
        .flatMap((issue) => describe(issue).map(({ path, words }) => `${file}:${lineOf(path)}: ${words}`))
        .join('\n'),
    );
  }
  const problems = relationProblems(parsed.data);
  if (problems.length > 0)
    throw new CommandError(
      problems.map(({ path, words }) => `${file}:${lines.linePos(offsetOf(document, path)).line}: ${words}`).join('\n'),
    );
  return withAbsolutePaths(parsed.data, dirname(resolve(file)));
}

interface Told {
  readonly path: readonly PropertyKey[];
  readonly words: string;
}

function describe(issue: z.core.$ZodIssue): Told[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      words: `there is no setting "${[...issue.path, key].join('.')}"`,
    }));
  return [{ path: issue.path, words: `${issue.path.join('.') || 'the configuration'}: ${issue.message}` }];
}

/** Where the path, or the nearest of its parents, stands. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function relationProblems(config: Config): Told[] {
  const clusters = new Set(config.clusters.map((cluster) => cluster.name));
  const firewalls = new Set(config.firewalls.map((firewall) => firewall.name));
  const told: Told[] = [...firewallProblems(config)];
  const list = (names: ReadonlySet<string>): string =>
    names.size === 0 ? 'there is none' : `there are: ${[...names].join(', ')}`;
  for (const [index, { name, relay, flowLogs }] of config.clusters.entries())
    if (relay && flowLogs)
      told.push({
        path: ['clusters', index, 'flowLogs'],
        words: `clusters[${index}]: "${name}" has both relay and flowLogs, which tell of the same flows; give one of them`,
      });
  for (const [index, { prometheus }] of config.clusters.entries())
    if (prometheus?.basic && prometheus.bearerTokenFile !== undefined)
      told.push({
        path: ['clusters', index, 'prometheus'],
        words: `clusters[${index}].prometheus: give one of bearerTokenFile and basic`,
      });
  for (const section of ['firewalls', 'environments'] as const)
    for (const [index, item] of config[section].entries())
      if (!clusters.has(item.cluster))
        told.push({
          path: [section, index, 'cluster'],
          words: `${section}[${index}]: there is no cluster "${item.cluster}"; ${list(clusters)}`,
        });
  for (const [index, environment] of config.environments.entries())
    for (const name of environment.firewalls ?? [])
      if (!firewalls.has(name))
        told.push({
          path: ['environments', index, 'firewalls'],
          words: `environments[${index}]: there is no firewall "${name}"; ${list(firewalls)}`,
        });
  told.push(
    ...repeated(
      'clusters',
      config.clusters.map((item) => item.name),
    ),
  );
  told.push(
    ...repeated(
      'firewalls',
      config.firewalls.map((item) => item.name),
    ),
  );
  told.push(
    ...repeated(
      'environments',
      config.environments.map((item) => item.id),
    ),
  );
  return told;
}

function repeated(section: string, names: readonly string[]): Told[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: [section, index], words: `${section}: "${name}" stands twice` }] : [],
  );
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const path = (text: string): string => resolve(folder, text);
  const maybe = <Key extends string>(key: Key, text: string | undefined): { [K in Key]?: string } =>
    (text === undefined ? {} : { [key]: path(text) }) as { [K in Key]?: string };
  return {
    ...config,
    dataFolder: path(config.dataFolder),
    ...(config.tls ? { tls: { certificate: path(config.tls.certificate), key: path(config.tls.key) } } : {}),
    clusters: config.clusters.map((cluster) => ({
      ...cluster,
      ...maybe('kubeconfig', cluster.kubeconfig),
      ...(cluster.flowLogs ? { flowLogs: cluster.flowLogs.map(path) } : {}),
      ...(cluster.relay
        ? {
            relay: {
              ...cluster.relay,
              ...(cluster.relay.tls
                ? {
                    tls: {
                      ...cluster.relay.tls,
                      ...maybe('ca', cluster.relay.tls.ca),
                      ...maybe('certificate', cluster.relay.tls.certificate),
                      ...maybe('key', cluster.relay.tls.key),
                    },
                  }
                : {}),
            },
          }
        : {}),
      ...(cluster.prometheus
        ? {
            prometheus: {
              ...cluster.prometheus,
              ...maybe('bearerTokenFile', cluster.prometheus.bearerTokenFile),
              ...(cluster.prometheus.basic
                ? {
                    basic: {
                      user: cluster.prometheus.basic.user,
                      passwordFile: path(cluster.prometheus.basic.passwordFile),
                    },
                  }
                : {}),
              ...maybe('ca', cluster.prometheus.ca),
            },
          }
        : {}),
    })),
    firewalls: config.firewalls.map((firewall) => ({
      ...firewall,
      ...(firewall.auditLogs ? { auditLogs: firewall.auditLogs.map(path) } : {}),
      ...(firewall.accessLogs ? { accessLogs: firewall.accessLogs.map(path) } : {}),
      ...(firewall.elasticsearch
        ? {
            elasticsearch: {
              ...firewall.elasticsearch,
              ...maybe('apiKeyFile', firewall.elasticsearch.apiKeyFile),
              ...maybe('bearerTokenFile', firewall.elasticsearch.bearerTokenFile),
              ...maybe('ca', firewall.elasticsearch.ca),
              ...(firewall.elasticsearch.basic
                ? {
                    basic: {
                      user: firewall.elasticsearch.basic.user,
                      passwordFile: path(firewall.elasticsearch.basic.passwordFile),
                    },
                  }
                : {}),
            },
          }
        : {}),
    })),
  };
}
