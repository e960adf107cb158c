import type { PolicyKind, PolicyProblem } from '@bartizan/api';
import type { KubernetesObject, PolicyRef } from '@bartizan/backends';
import { readManifests, validate } from '@bartizan/policy';
import type { Manifest } from '@bartizan/policy';
import { HttpProblem } from '../http/problem.ts';
import { policyKinds } from './catalogue.ts';

/** One policy as somebody wrote it. */
export interface Draft {
  readonly ref: PolicyRef;
  readonly object: KubernetesObject;
  readonly manifest: Manifest;
  readonly problems: readonly PolicyProblem[];
}

export type DraftReading =
  | { readonly ok: true; readonly draft: Draft }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Reads one policy; what cannot be read at all, or is no policy, is told by its problems. */
export function readDraft(text: string): DraftReading {
  const { manifests, problems } = readManifests(text);
  const [manifest, second] = manifests;
  if (!manifest)
    return {
      ok: false,
      problems: problems.length > 0 ? problems : [problem('no-policy', 'There is no policy in this text.')],
    };
  if (second)
    return {
      ok: false,
      problems: [problem('several-policies', 'This text has several objects: write one policy at a time.')],
    };
  const kind = policyKinds.find((known) => known === manifest.kind);
  if (!kind)
    return {
      ok: false,
      problems: [problem('unknown-kind', `"${manifest.kind}" is no policy: it is one of ${policyKinds.join(', ')}.`)],
    };
  return { ok: true, draft: draftOf(manifest, kind, [...problems, ...validate(manifest)]) };
}

function draftOf(manifest: Manifest, kind: PolicyKind, problems: readonly PolicyProblem[]): Draft {
  const namespace = kind === 'CiliumClusterwideNetworkPolicy' ? '' : manifest.namespace;
  // What validation found right has the shape of a Kubernetes object; what it found wrong is never sent.
  const object = manifest.object as unknown as KubernetesObject;
  return { ref: { kind, namespace, name: manifest.name }, object, manifest, problems };
}

function problem(code: string, message: string): PolicyProblem {
  return { code, severity: 'error', message, path: '' };
}

/** The draft, where the cluster would take it and Cilium would use it; else every problem at once. */
export function requireDraft(text: string): Draft {
  const reading = readDraft(text);
  const problems = reading.ok ? reading.draft.problems : reading.problems;
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (reading.ok && errors.length === 0) return reading.draft;
  const [first] = errors;
  throw new HttpProblem({
    status: 422,
    code: 'invalid-manifest',
    title: 'The manifest cannot be applied',
    detail: `${first?.message ?? 'It has problems.'}${errors.length > 1 ? ` And ${errors.length - 1} more.` : ''} Nothing was written.`,
    problems,
  });
}

/** A write goes to the object that its address names, and to no other. */
export function requireSame(draft: Draft, ref: PolicyRef): void {
  const same = draft.ref.kind === ref.kind && draft.ref.namespace === ref.namespace && draft.ref.name === ref.name;
  if (same) return;
  throw new HttpProblem({
    status: 422,
    code: 'other-object',
    title: 'The manifest is of another policy',
    detail: `It says ${say(draft.ref)}, the address says ${say(ref)}. To rename a policy, create the new one and delete the old.`,
  });
}

function say({ kind, namespace, name }: PolicyRef): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/');
}
