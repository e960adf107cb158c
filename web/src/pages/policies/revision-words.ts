import type { PolicyRevision } from '@bartizan/api';
import type { IconName } from '../../ui/icon-shapes.tsx';

type Action = PolicyRevision['action'];

export const actionWords: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'changed',
  delete: 'deleted',
  restore: 'restored',
  observed: 'seen, changed elsewhere',
};

export const actionIcons: Readonly<Record<Action, IconName>> = {
  create: 'plus',
  update: 'pencil',
  delete: 'trash',
  restore: 'refresh',
  observed: 'info',
};

/** What a version can be compared with: the one before it at first. */
export interface Comparison {
  readonly key: string;
  readonly label: string;
  /** Null where there was nothing. */
  readonly manifest: string | null;
}

export function comparisons(
  revision: PolicyRevision,
  all: readonly PolicyRevision[],
  now: string | null,
): readonly Comparison[] {
  const older = all.find((one) => one.revision < revision.revision);
  const others = all.filter((one) => one.revision !== revision.revision && one !== older);
  return [
    {
      key: 'before',
      label: older ? `version ${older.revision}, before it` : 'nothing',
      manifest: older?.manifest ?? null,
    },
    { key: 'now', label: 'the cluster now', manifest: now },
    ...others.map((one) => ({ key: String(one.revision), label: `version ${one.revision}`, manifest: one.manifest })),
  ];
}

/** Two versions that say the same are the same, whatever the server wrote beside them. */
export function sameContent(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && plain(a) === plain(b);
}

const serverLine = /^ {2}(?:resourceVersion|uid|generation|creationTimestamp): .*\n/gm;

export function plain(manifest: string): string {
  return manifest.replaceAll(serverLine, '');
}

/** How a version came to be because of a timed change; null where it did not. */
export function timedOutcome({
  action,
  note = '',
}: PolicyRevision): { readonly isTakenBack: boolean; readonly title: string; readonly detail: string } | null {
  const why = /^timed change taken back: (.*)$/.exec(note)?.[1];
  if (action === 'restore' && why !== undefined)
    return { isTakenBack: true, title: 'A timed change was taken back:', detail: why };
  if (action === 'observed' && note.endsWith('so it was not taken back.'))
    return { isTakenBack: false, title: 'A timed change stays.', detail: note };
  return null;
}
