import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster, KubernetesObject, PolicyRef } from '@bartizan/backends';
import { SourceError } from '@bartizan/backends';
import { HttpProblem } from '../http/problem.ts';
import { contentOf } from './content.ts';
import { readOrNull } from './read-or-null.ts';

/** Long enough for an API server to be restarted, short enough for somebody who waits. */
const askForMs = 10_000;
const askEveryMs = 300;

/** Whether the cluster may have done what it was asked, although no answer says so. */
export function isAnswerLost(error: unknown): error is SourceError {
  return error instanceof SourceError && ['unreachable', 'timeout', 'bad-response'].includes(error.code);
}

/**
 * What the cluster has after a write whose answer was lost, where it is what was to be written. Throws that nothing was
 * written, or that it is not known. Null stands for no policy.
 */
export async function findOut(asked: {
  readonly cluster: Cluster;
  readonly ref: PolicyRef;
  readonly before: KubernetesObject | null;
  /** What the dry run said there would be. */
  readonly wanted: KubernetesObject | null;
  readonly error: SourceError;
}): Promise<KubernetesObject | null> {
  const { cluster, ref, before, wanted, error } = asked;
  const current = await readSoon(cluster, ref);
  if (current === undefined) throw outcomeUnknown(`${error.message}. It could not be asked afterwards either.`, before);
  if (textOf(current) === textOf(wanted)) return current;
  const has = current ? `has version ${versionOf(current)}` : 'has no such policy';
  if (textOf(current) !== textOf(before))
    throw outcomeUnknown(`${error.message}. The cluster ${has} now: somebody else wrote too.`, before);
  throw new HttpProblem({
    status: 502,
    code: 'not-written',
    title: 'The cluster did not take it',
    detail: `${error.message}. The cluster still ${has}.`,
  });
}

function outcomeUnknown(what: string, before: KubernetesObject | null): HttpProblem {
  const seen = before ? `still has version ${versionOf(before)}` : 'still has no such policy';
  return new HttpProblem({
    status: 502,
    code: 'outcome-unknown',
    title: 'It is not known whether it was written',
    detail: `${what} Read the policy once the cluster answers: where it ${seen}, nothing was written, and the same can be sent again.`,
  });
}

/** Undefined where it could not be read for as long as it was tried. */
async function readSoon(cluster: Cluster, ref: PolicyRef): Promise<KubernetesObject | null | undefined> {
  const signal = AbortSignal.timeout(askForMs);
  while (!signal.aborted) {
    try {
      return await readOrNull(cluster, ref, signal);
    } catch {
      await pause(askEveryMs);
    }
  }
  return undefined;
}

function versionOf(object: KubernetesObject | null): string | undefined {
  return object?.metadata.resourceVersion;
}

function textOf(object: KubernetesObject | null): string | null {
  return object && contentOf(object);
}
