import type { Config } from './config.ts';

type Firewall = Config['firewalls'][number];

/** A firewall whose logs are read from files. */
export type FirewallOfFiles = Firewall & { readonly auditLogs: readonly string[] };

/** A firewall whose logs a shipper puts into Elasticsearch or OpenSearch. */
export type FirewallOfElasticsearch = Firewall & { readonly elasticsearch: NonNullable<Firewall['elasticsearch']> };

export function readsFiles(firewall: Firewall): firewall is FirewallOfFiles {
  return firewall.auditLogs !== undefined;
}

export function readsElasticsearch(firewall: Firewall): firewall is FirewallOfElasticsearch {
  return firewall.elasticsearch !== undefined;
}

interface Told {
  readonly path: readonly PropertyKey[];
  readonly words: string;
}

/** Each firewall has one place where its logs are, and all have the same kind. */
export function firewallProblems({ firewalls }: Config): readonly Told[] {
  const told = firewalls.flatMap((firewall, index) => problemsOf(firewall, ['firewalls', index]));
  const inEngines = firewalls.findIndex(readsElasticsearch);
  const other = firewalls.findIndex((_, index) => index !== inEngines);
  if (told.length > 0 || inEngines < 0 || other < 0) return told;
  return [
    {
      path: ['firewalls', Math.max(inEngines, other)],
      words: `firewalls: "${firewalls[inEngines]?.name}" is read from Elasticsearch, and then it must be the only one: figures of several stores cannot be added up. Give its indices all the logs, or run a console for each.`,
    },
  ];
}

function problemsOf(firewall: Firewall, path: readonly PropertyKey[]): readonly Told[] {
  const at = `firewalls[${String(path[1])}]`;
  const { elasticsearch } = firewall;
  if (!elasticsearch)
    return firewall.auditLogs ? [] : [{ path, words: `${at}: give either auditLogs or elasticsearch` }];
  const [extra] = (['auditLogs', 'accessLogs', 'timeZone'] as const).filter((key) => firewall[key] !== undefined);
  if (extra)
    return [{ path: [...path, extra], words: `${at}: ${extra} belongs to logs in files; give elasticsearch or those` }];
  const credentials = [elasticsearch.apiKeyFile, elasticsearch.bearerTokenFile, elasticsearch.basic];
  return credentials.filter((each) => each !== undefined).length > 1
    ? [
        {
          path: [...path, 'elasticsearch'],
          words: `${at}.elasticsearch: give one of apiKeyFile, bearerTokenFile and basic`,
        },
      ]
    : [];
}
