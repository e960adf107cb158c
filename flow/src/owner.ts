import type { FlowWorkload } from './record.ts';

/** The letters that Kubernetes makes names of: no vowels, and no digit that looks like one (apimachinery `util/rand`). */
const letters = 'bcdfghjklmnpqrstvwxz2456789';
const random = new RegExp(`^(.+)-[${letters}]{5}$`);
const replicaSet = new RegExp(`^(.+)-[${letters}]{6,10}$`);
const scheduledJob = /^(.+)-\d{8,10}$/;
const indexedJob = new RegExp(`^(.+)-\\d+-[${letters}]{5}$`);
const ordinal = /^(.+)-\d{1,5}$/;

/** The owner that a pod's name points at; only ever a guess, and stable over roll-outs. */
export function ownerOfPod(pod: string): FlowWorkload {
  const withoutRandom = random.exec(pod)?.[1];
  if (withoutRandom !== undefined) return ownerOfGenerated(pod, withoutRandom);
  const set = ordinal.exec(pod)?.[1];
  return set === undefined ? guess('Pod', pod) : guess('StatefulSet', set);
}

/** A Deployment has many ReplicaSets, a CronJob many Jobs: the one that stays is named. */
export function stableOwner(workload: { readonly kind: string; readonly name: string }): FlowWorkload {
  if (workload.kind === 'ReplicaSet') {
    const deployment = replicaSet.exec(workload.name)?.[1];
    if (deployment !== undefined) return guess('Deployment', deployment);
  }
  if (workload.kind === 'Job') {
    const cronJob = scheduledJob.exec(workload.name)?.[1];
    if (cronJob !== undefined) return guess('CronJob', cronJob);
  }
  return { kind: workload.kind === '' ? 'unknown' : workload.kind, name: workload.name, guessed: false };
}

function ownerOfGenerated(pod: string, base: string): FlowWorkload {
  const deployment = replicaSet.exec(base)?.[1];
  if (deployment !== undefined) return guess('Deployment', deployment);
  const cronJob = scheduledJob.exec(base)?.[1];
  if (cronJob !== undefined) return guess('CronJob', cronJob);
  const job = indexedJob.exec(pod)?.[1];
  if (job !== undefined) return guess('Job', job);
  return guess('DaemonSet', base);
}

function guess(kind: string, name: string): FlowWorkload {
  return { kind, name, guessed: true };
}
