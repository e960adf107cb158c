import type { Cluster } from '@bartizan/backends';
import type { EnvironmentSetup, EnvironmentSetups } from '@bartizan/server';
import type { Config } from '../config/config.ts';

/** The configured environments; with none, one for each namespace that has pods, as the clusters are at this moment. */
export function environmentsOf(config: Config, clusters: ReadonlyMap<string, Cluster>): EnvironmentSetups {
  const items = config.environments.length > 0 ? configured(config) : discovered(config, clusters);
  return items.length > 0 ? { items } : { items, empty: whyNone(config, clusters) };
}

function configured(config: Config): EnvironmentSetup[] {
  return config.environments.map((environment) => ({
    id: environment.id,
    name: environment.name ?? environment.id,
    cluster: environment.cluster,
    namespaces: environment.namespaces,
    hosts: (environment.hosts ?? []).map((host) => host.toLowerCase()),
    firewalls: environment.firewalls ?? firewallsOf(config, environment.cluster),
  }));
}

function discovered(config: Config, clusters: ReadonlyMap<string, Cluster>): EnvironmentSetup[] {
  return [...clusters.values()].flatMap((cluster) => {
    const namespaces = new Set(cluster.list('Pod').map(({ metadata }) => metadata.namespace ?? ''));
    return [...namespaces].sort().map((namespace) => ({
      id: `${cluster.name}.${namespace}`,
      name: namespace,
      cluster: cluster.name,
      namespaces: [namespace],
      hosts: [],
      firewalls: firewallsOf(config, cluster.name),
    }));
  });
}

function firewallsOf(config: Config, cluster: string): string[] {
  return config.firewalls.filter((firewall) => firewall.cluster === cluster).map((firewall) => firewall.name);
}

function whyNone(config: Config, clusters: ReadonlyMap<string, Cluster>): { reason: string; fix: string } {
  if (config.clusters.length === 0)
    return {
      reason: 'No cluster is configured.',
      fix: 'clusters:\n  - name: my-cluster\n    kubeconfig: /path/to/kubeconfig\n',
    };
  const states = [...clusters.values()].map((cluster) => {
    const pods = cluster.state('Pod');
    return `${cluster.name}: ${pods.state === 'ok' ? 'no namespace has pods' : pods.state === 'connecting' ? 'still connecting' : pods.reason}`;
  });
  return {
    reason: `No environment is configured, and none can be found: ${states.join('; ')}.`,
    fix: `environments:\n  - id: production\n    cluster: ${config.clusters[0]?.name ?? 'my-cluster'}\n    namespaces: [my-namespace]\n`,
  };
}
