import type { WatchedKind } from '@bartizan/backends';
import { UsageError } from '../command.ts';

/** A cluster in the place of a path. */
export interface ClusterPath {
  readonly context: string;
  readonly kubeconfig?: string | undefined;
  readonly namespace?: string | undefined;
  readonly kinds: readonly WatchedKind[];
}

/** A file, a folder, `-`, or a cluster. */
export type ManifestSource = string | ClusterPath;

export const policyKinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;

/** What each question is about. */
export const clusterKinds = {
  policies: policyKinds,
  /** Where the endpoints are given otherwise. */
  rules: [...policyKinds, 'Service', 'CiliumCIDRGroup'],
  world: [...policyKinds, 'Service', 'CiliumCIDRGroup', 'Pod', 'Namespace'],
} as const satisfies Readonly<Record<string, readonly WatchedKind[]>>;

/** Options of every command that can read from a cluster. */
export const clusterOptions = {
  context: { type: 'string', value: 'NAME', describe: 'read from the cluster of this context of the kubeconfig' },
  kubeconfig: { type: 'string', value: 'FILE', describe: 'with --context: else $KUBECONFIG, else ~/.kube/config' },
  namespace: { type: 'string', value: 'NAMESPACE', describe: 'with --context: only this namespace (default: all)' },
} as const;

export interface ClusterValues {
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly namespace?: string | undefined;
}

export const clusterHelp = `With --context everything is read from that cluster as it is now, and nothing is written there. A kind that may not be read is
said on standard error and in "gaps" of the answer, and the exit code is then 2; a kind that the cluster does not have is only said.`;

/** The cluster first, so that what paths say of an object of the same name counts in its place. */
export function sourcesOf(
  paths: readonly string[],
  values: ClusterValues,
  { command, kinds, isExclusive = false }: { command: string; kinds: readonly WatchedKind[]; isExclusive?: boolean },
): readonly ManifestSource[] {
  const cluster = clusterSources(values.context, values, kinds);
  if (cluster.length === 0) requireContext(command, values);
  if (cluster.length + paths.length === 0) throw new UsageError(`bartizan ${command} needs PATH… or --context NAME`);
  if (isExclusive && cluster.length > 0 && paths.length > 0)
    throw new UsageError(`bartizan ${command} reads PATH or --context NAME, not both: "${paths[0]}" is a PATH.`);
  return [...cluster, ...paths];
}

/** Nothing where no context is named. */
export function clusterSources(
  context: string | undefined,
  { kubeconfig, namespace }: ClusterValues,
  kinds: readonly WatchedKind[],
): readonly ClusterPath[] {
  return context === undefined ? [] : [{ context, kubeconfig, namespace, kinds }];
}

/** The other two options say nothing without a cluster. */
export function requireContext(command: string, { kubeconfig, namespace }: ClusterValues): void {
  const alone = kubeconfig !== undefined ? '--kubeconfig' : namespace !== undefined ? '--namespace' : undefined;
  if (alone !== undefined) throw new UsageError(`bartizan ${command}: ${alone} goes with --context NAME.`);
}
