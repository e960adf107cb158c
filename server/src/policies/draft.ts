import type { PolicyKind, PolicyProblem } from '@bartizan/api';
import type { KubernetesObject, PolicyRef } from '@bartizan/backends';
import { isObject, readManifests, validate } from '@bartizan/policy';
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
  const all = [...problems, ...validate(manifest)];
  const isGenerated = manifest.name === '' && !all.some(({ path }) => path === 'metadata.name');
  return { ok: true, draft: draftOf(manifest, kind, isGenerated ? [...all, namelessOf(manifest)] : all) };
}

/** The API server would take `generateName`; a history under a name that nobody chose would be found by nobody. */
function namelessOf(manifest: Manifest): PolicyProblem {
  const path = 'metadata.name';
  return {
    code: 'no-name',
    severity: 'error',
    message: 'A policy that is written here has a name: write it as `metadata.name`',
    path,
    ...manifest.place(path),
  };
}

function draftOf(manifest: Manifest, kind: PolicyKind, problems: readonly PolicyProblem[]): Draft {
  const namespace = kind === 'CiliumClusterwideNetworkPolicy' ? '' : manifest.namespace;
  const { metadata } = manifest.object;
  // What validation found right has the shape of a Kubernetes object; what it found wrong is looked at, and never sent.
  const object = { ...manifest.object, metadata: isObject(metadata) ? metadata : {} } as unknown as KubernetesObject;
  return { ref: { kind, namespace, name: manifest.name }, object, manifest, problems };
}

function problem(code: string, message: string): PolicyProblem {
  return { code, severity: 'error', message, path: '' };
}

/** The draft, where the cluster would take it and Cilium would use it; else every problem at once. */
export function requireDraft(text: string): Draft {
  const reading = readDraft(text);
  const problems = reading.ok ? reading.draft.problems : reading.problems;
  if (reading.ok && problems.every(({ severity }) => severity === 'warning')) return reading.draft;
  throw invalidManifest(problems);
}

export function invalidManifest(problems: readonly PolicyProblem[]): HttpProblem {
  const [first, ...others] = problems.filter(({ severity }) => severity === 'error');
  const sentences = [
    first?.message ?? 'It has problems',
    ...(others.length > 0 ? [`And ${others.length} more`] : []),
    'Nothing was written',
  ];
  return new HttpProblem({
    status: 422,
    code: 'invalid-manifest',
    title: 'The manifest cannot be applied',
    detail: sentences.map((sentence) => sentence.replace(/(?<![.!?])$/, '.')).join(' '),
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
