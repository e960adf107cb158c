import type { PolicyEffect, PolicyPreview, PolicyProblem } from '@bartizan/api';
import { SourceError } from '@bartizan/backends';
import type { Cluster, KubernetesObject, SourceErrorCode } from '@bartizan/backends';
import { describePolicy, lowerPolicy, phraseText } from '@bartizan/policy';
import type { Policy } from '@bartizan/policy';
import { readDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { ownerOf } from './owner.ts';
import { onTopOf } from './pending.ts';
import type { PolicyPlace } from './place.ts';
import { wordsView } from './policy-view.ts';
import { readOrNull } from './read-or-null.ts';
import type { PodFinder } from './selected-pods.ts';
import { contentOf, withoutServerFields } from './content.ts';

interface Asked {
  readonly text: string;
  readonly locate: (draft: Draft) => PolicyPlace | PolicyProblem;
  readonly pods: PodFinder;
  /** Null without a source of flows. */
  readonly effectOf: ((cluster: Cluster, draft: Policy) => Promise<PolicyEffect>) | null;
  readonly signal: AbortSignal;
}

const shownPods = 20;

/** What a draft says, selects, changes and would do. Nothing is written; the API server is asked in a dry run. */
export async function previewDraft(asked: Asked): Promise<PolicyPreview> {
  const reading = readDraft(asked.text);
  if (!reading.ok) return unreadable(asked.text, reading.problems);
  const { draft } = reading;
  const place = asked.locate(draft);
  const cluster = 'severity' in place ? null : place.cluster;
  const problems = 'severity' in place ? [...draft.problems, place] : draft.problems;
  const current = cluster && draft.ref.name !== '' ? await readOrNull(cluster, draft.ref, asked.signal) : null;
  const isSound = problems.every(({ severity }) => severity === 'warning');
  const words = describePolicy(draft.manifest.object);
  const pods = cluster && asked.pods(cluster, draft.object);
  const [refusal, effect] = await Promise.all([
    cluster && isSound ? tryOut(cluster, { draft, current, signal: asked.signal }) : null,
    cluster && isSound
      ? effectFor(asked, cluster, draft)
      : { effectMissing: 'The draft has problems, so its effect cannot be told.' },
  ]);
  return {
    problems: [...problems],
    refusal,
    words: wordsView(words),
    selects: {
      words: words.specs.map((spec) => phraseText(spec.subject)).join(' and '),
      pods: pods && pods.length,
      examples: (pods ?? []).slice(0, shownPods),
    },
    diff: {
      before: current && contentOf(current),
      after: contentOf(draft.object),
      resourceVersion: current?.metadata.resourceVersion ?? null,
    },
    effect: 'effect' in effect ? effect.effect : null,
    ...('effectMissing' in effect ? { effectMissing: effect.effectMissing } : {}),
    owner: ownerOf(current ?? draft.object),
  };
}

function unreadable(text: string, problems: readonly PolicyPreview['problems'][number][]): PolicyPreview {
  return {
    problems: [...problems],
    refusal: null,
    words: null,
    selects: null,
    diff: { before: null, after: text, resourceVersion: null },
    effect: null,
    effectMissing: 'The draft cannot be read.',
    owner: null,
  };
}

/** Answers that say no to the draft; every other failure says nothing of it. */
const refusals: readonly SourceErrorCode[] = ['refused', 'forbidden', 'not-found', 'already-exists'];

/** What the API server says to it; null where it would take it. Throws where it could not be asked. */
async function tryOut(
  cluster: Cluster,
  { draft, current, signal }: { draft: Draft; current: KubernetesObject | null; signal: AbortSignal },
): Promise<string | null> {
  try {
    const options = { dryRun: true, signal };
    if (current) await cluster.replace(onTopOf(withoutServerFields(draft.object), current), options);
    else await cluster.create(withoutServerFields(draft.object), options);
    return null;
  } catch (error) {
    if (error instanceof SourceError && refusals.includes(error.code)) return error.message;
    throw error;
  }
}

type EffectOrWhyNot = { readonly effect: PolicyEffect } | { readonly effectMissing: string };

async function effectFor({ effectOf }: Asked, cluster: Cluster, draft: Draft): Promise<EffectOrWhyNot> {
  if (!effectOf) return { effectMissing: 'No source of flows is configured, so nothing is known of connections.' };
  const lowered = lowerPolicy(draft.object);
  if (!lowered.ok) return { effectMissing: 'The draft cannot be judged.' };
  return { effect: await effectOf(cluster, lowered.value) };
}
