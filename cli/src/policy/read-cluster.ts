import { delimiter } from 'node:path';
import type { KubernetesObject, WatchedKind } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { printManifest, readManifests } from '@bartizan/policy';
import type { JsonObject } from '@bartizan/policy';
import { CommandError } from '../command.ts';
import type { Io } from '../command.ts';
import type { Gap } from './flow-gaps.ts';
import { policyKinds } from './manifest-source.ts';
import type { ClusterPath } from './manifest-source.ts';
import type { ManifestFile } from './read-manifests.ts';

/** A cluster as if it were files, one for each object; the last one says what could not be read. */
export async function* readCluster(
  path: ClusterPath,
  io: Pick<Io, 'env' | 'err' | 'signal'>,
): AsyncGenerator<ManifestFile> {
  const { context, namespace, kinds } = path;
  const source = `context ${context}`;
  // To know whether the namespace is there.
  const asked = namespace === undefined ? kinds : [...new Set<WatchedKind>([...kinds, 'Namespace'])];
  const { objects, unread } = await ask({ ...path, kinds: asked }, source, io);
  const isRead = (kind: WatchedKind): boolean => !unread.some((each) => each.kind === kind);
  if (namespace !== undefined && isRead('Namespace') && !objects.some((object) => isNamespace(object, namespace)))
    throw new CommandError(`${source} has no namespace "${namespace}".`);
  for (const object of objects) if (kinds.some((kind) => kind === object.kind)) yield fileOf(object, context);
  const gaps: Gap[] = [];
  for (const { kind, state, reason } of unread) {
    if (!kinds.includes(kind)) continue;
    if (state === 'forbidden') gaps.push({ source, reason: `${kind} may not be read: ${reason}` });
    else io.err(`${source} has no ${kind}.\n`);
  }
  if (!isRead('CiliumNetworkPolicy') && gaps.every(({ reason }) => !reason.startsWith('CiliumNetworkPolicy')))
    io.err(`${source} does not run Cilium: --as kubernetes judges as the Kubernetes documentation says.\n`);
  if (namespace !== undefined && kinds.includes('Pod'))
    gaps.push({
      source,
      reason: `only the namespace ${namespace} was read: pods and policies of other namespaces are not known`,
    });
  for (const { reason } of gaps) io.err(`not covered: ${reason}\n`);
  yield { file: source, text: '', manifests: [], problems: [], gaps };
}

async function ask(path: ClusterPath, source: string, { env, signal }: Pick<Io, 'env' | 'signal'>) {
  const { readClusterOnce, kubeconfigWith } = await import('@bartizan/backends/kubernetes');
  const { context, namespace, kinds } = path;
  const found = await kubeconfigWith(context, kubeconfigs(path.kubeconfig, env));
  if (!found.ok) throw new CommandError(found.message);
  const options = { name: source, kubeconfig: found.file, context, namespace, kinds, environment: env, signal };
  try {
    return await readClusterOnce({ ...options, clock: () => new Date() });
  } catch (error) {
    if (signal.aborted) throw new CommandError('interrupted.');
    if (error instanceof SourceError) throw new CommandError(`${error.message}\nSo there is no answer.`);
    throw error;
  }
}

/** As kubectl does: --kubeconfig, else the files of $KUBECONFIG, else ~/.kube/config. */
function kubeconfigs(file: string | undefined, env: Io['env']): readonly string[] {
  if (file !== undefined) return [file];
  if (env['KUBECONFIG']) return env['KUBECONFIG'].split(delimiter).filter((each) => each !== '');
  return env['HOME'] ? [`${env['HOME']}/.kube/config`] : [];
}

function isNamespace({ kind, metadata }: KubernetesObject, name: string): boolean {
  return kind === 'Namespace' && metadata.name === name;
}

/** The text is what the console shows of the object. */
function fileOf(object: KubernetesObject, context: string): ManifestFile {
  const { kind, metadata } = object;
  const file = [context, kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/');
  const json = (kind === 'Pod' ? asOfDeployment(object) : object) as unknown as JsonObject;
  const text = policyKinds.some((each) => each === kind) ? printManifest(json) : JSON.stringify(json);
  return { ...readManifests(text, { file }), file };
}

/** The ReplicaSet of a Deployment is called after it and the hash that its pods carry: Cilium names workloads the same way. */
function asOfDeployment(pod: KubernetesObject): KubernetesObject {
  const { ownerReferences = [], labels } = pod.metadata;
  const hash = labels?.['pod-template-hash'];
  const owners = ownerReferences.map((owner) =>
    hash !== undefined && owner.kind === 'ReplicaSet' && owner.name.endsWith(`-${hash}`)
      ? { ...owner, kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) }
      : owner,
  );
  return ownerReferences.length === 0 ? pod : { ...pod, metadata: { ...pod.metadata, ownerReferences: owners } };
}
