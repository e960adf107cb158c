import type { Policy, PolicyKind, PolicyProblem, PolicyWords } from '@bartizan/api';
import type { KubernetesObject } from '@bartizan/backends';
import {
  describePolicy,
  isEnabled,
  lowerPolicy,
  phraseText,
  printManifest,
  readManifests,
  validate,
} from '@bartizan/policy';
import type { JsonObject, PolicyWords as Words, Sentence } from '@bartizan/policy';
import { ciliumVerdictOf, refusalByCilium } from './cilium-verdict.ts';
import { ownerOf } from './owner.ts';
import { descriptionOf } from './description.ts';

/** What does not depend on the pods of the moment: worked out once for each version of an object. */
export type StaticView = Omit<Policy, 'selects'> & { readonly selects: { readonly words: string } };

export function staticView(object: KubernetesObject, options: { readonly isDeployed: boolean }): StaticView {
  const json = object as unknown as JsonObject;
  const manifest = printManifest(json);
  const found = problemsOf(manifest);
  const cilium = ciliumVerdictOf(object, found);
  const problems = [...refusalByCilium(cilium, found), ...found];
  const refusal = problems.find((problem) => problem.severity === 'error');
  const words = describePolicy(json, refusal ? { refusal: refusal.message } : {});
  const enabled = isEnabled(json);
  const { metadata } = object;
  const state = !options.isDeployed ? 'predefined' : refusal ? 'not-applied' : enabled ? 'enforced' : 'disabled';
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    kind: object.kind as PolicyKind,
    enabled: options.isDeployed && enabled,
    state,
    description: descriptionOf(object),
    manifest,
    ...(options.isDeployed && metadata.resourceVersion !== undefined
      ? { resourceVersion: metadata.resourceVersion }
      : {}),
    selects: { words: words.specs.map((spec) => phraseText(spec.subject)).join(' and ') },
    isolates: isolatedDirections(json),
    words: wordsView(words),
    problems,
    cilium,
    owner: ownerOf(object),
    createdAt: metadata.creationTimestamp ?? null,
    modified: lastChange(object),
  };
}

function problemsOf(manifest: string): PolicyProblem[] {
  const { manifests, problems } = readManifests(manifest);
  return [...problems, ...manifests.flatMap((item) => validate(item))].map((problem) => ({ ...problem }));
}

export function wordsView(words: Words): PolicyWords {
  const parts = (sentence: Sentence) => sentence.parts.map((part) => ({ kind: part.kind, text: part.text }));
  const summary = [...words.status, ...words.specs.flatMap((spec) => spec.summary)];
  return {
    summary: summary.flatMap((sentence, index) =>
      index === 0 ? parts(sentence) : [{ kind: 'text', text: ' ' }, ...parts(sentence)],
    ),
    rules: words.specs.flatMap((spec) => spec.rules.map(parts)),
    notes: words.specs.flatMap((spec) => spec.notes.map(parts)),
  };
}

function isolatedDirections(object: JsonObject): Policy['isolates'] {
  const lowered = lowerPolicy(object);
  if (!lowered.ok) return [];
  return (['ingress', 'egress'] as const).filter((direction) =>
    lowered.value.rules.some((rule) => rule.direction === direction && rule.defaultDeny),
  );
}

export function lastChange({ metadata }: KubernetesObject): Policy['modified'] {
  const changes = (metadata.managedFields ?? []).flatMap(({ manager, time, subresource }) =>
    manager !== undefined && time !== undefined && subresource !== 'status' ? [{ at: time, by: manager }] : [],
  );
  return changes.sort((left, right) => Date.parse(right.at) - Date.parse(left.at))[0] ?? null;
}
