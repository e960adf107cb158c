import type { JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import { recordAuthor } from '../kubernetes/managed-fields.ts';
import { mergePatch } from '../kubernetes/merge-patch.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { isKubeObject, namespaceOf, withMetadata } from '../kubernetes/object.ts';
import { resourceOfKind } from '../kubernetes/resources.ts';
import type { Store } from '../kubernetes/store.ts';
import type { Random } from '../seeded.ts';
import { deploymentObject, namespaceObject, nodeObject, podObject, serviceObject } from './objects.ts';
import { namespaces, nodes } from './places.ts';
import type { Pod } from './pods.ts';
import { buildPods } from './pods.ts';
import { clusterWidePolicies } from './policies/cluster-wide.ts';
import type { Deployed, Edit } from './policies/deployed.ts';
import { paymentsPolicies } from './policies/payments.ts';
import { platformPolicies } from './policies/platform.ts';
import { shopPolicies } from './policies/shop-prod.ts';
import { workloads } from './workloads.ts';

export interface World {
  readonly pods: readonly Pod[];
}

/** An edit of a policy that a scenario adds to its past. */
export interface PolicyEdit extends Edit {
  readonly namespace: string;
  readonly name: string;
}

const day = 24 * 60;

/** Fills a store with the cluster as it is at `now`. */
export function buildWorld(options: {
  readonly store: Store;
  readonly random: Random;
  readonly now: Date;
  readonly edits: readonly PolicyEdit[];
}): World {
  const { store, now } = options;
  const random = options.random.fork('world');
  const uids = random.fork('uid');
  const pods = buildPods(random.fork('pods'));
  const put = (object: KubeObject): void => {
    const resource = resourceOfKind(object.kind);
    if (resource) store.put(resource, object);
  };
  const place = (objects: readonly KubeObject[], manager: string, daysAgo: number): void => {
    for (const object of objects) put(born(object, { manager, time: ago(now, daysAgo * day), uid: uids.uuid() }));
  };
  place(namespaces.map(namespaceObject), 'kubectl-create', 420);
  place(nodes.map(nodeObject), 'kubelet', 180);
  place(workloads.filter(({ kind }) => kind === 'Deployment').map(deploymentObject), 'helm', 95);
  const served = workloads.filter(({ ports }) => ports.some(({ service }) => service !== undefined));
  place(
    served.map((workload, index) => serviceObject(workload, `10.96.0.${index + 10}`)),
    'helm',
    95,
  );
  place(pods.map(podObject), 'kube-controller-manager', 3);
  for (const object of policies(options)) put(object);
  return { pods };
}

function policies(options: {
  readonly now: Date;
  readonly edits: readonly PolicyEdit[];
  readonly random: Random;
}): KubeObject[] {
  const { now, edits, random } = options;
  const uids = random.fork('policy-uid');
  const all = [...clusterWidePolicies, ...shopPolicies, ...paymentsPolicies, ...platformPolicies];
  return all
    .map((deployed) => {
      const own = edits.filter(
        (edit) => edit.name === deployed.object.metadata.name && edit.namespace === namespaceOf(deployed.object),
      );
      return { deployed, edits: [...(deployed.edits ?? []), ...own], uid: uids.uuid() };
    })
    .toSorted((left, right) => right.deployed.daysAgo - left.deployed.daysAgo)
    .map(({ deployed, edits: history, uid }) => livedThrough(deployed, { edits: history, now, uid }));
}

function livedThrough(
  deployed: Deployed,
  { edits, now, uid }: { readonly edits: readonly Edit[]; readonly now: Date; readonly uid: string },
): KubeObject {
  const first = born(deployed.object, { manager: deployed.manager, time: ago(now, deployed.daysAgo * day), uid });
  return edits.reduce((before, edit) => {
    const patched = mergePatch(before, edit.patch);
    if (!isKubeObject(patched)) return before;
    const generation = Number(before.metadata['generation']) + ('spec' in edit.patch ? 1 : 0);
    return recordAuthor(before, withMetadata(patched, { generation }), {
      manager: edit.manager,
      time: ago(now, edit.minutesAgo),
    });
  }, first);
}

function born(
  object: KubeObject,
  by: { readonly manager: string; readonly time: string; readonly uid: string },
): KubeObject {
  const marks: JsonObject = { uid: by.uid, creationTimestamp: by.time, generation: 1 };
  const started =
    object.kind === 'Pod' && isObject(object['status']) ? { status: { ...object['status'], startTime: by.time } } : {};
  return recordAuthor(undefined, withMetadata({ ...object, ...started }, marks), {
    manager: by.manager,
    time: by.time,
  });
}

function ago(now: Date, minutes: number): string {
  return `${new Date(now.getTime() - minutes * 60_000).toISOString().slice(0, 19)}Z`;
}
