import type { ReactNode } from 'react';
import { useOpen } from '../../components/Link.tsx';
import type { DraftStore } from '../../editor/draft-store.ts';
import type { Thinker } from '../../editor/thinker.ts';
import type { Reading } from '../../editor/thoughts.ts';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import type { PolicyName } from '../../paths.ts';
import type { DraftPreview } from '../../queries/use-preview.ts';
import { ConflictDialog } from './ConflictDialog.tsx';
import { DeletePolicy } from './DeletePolicy.tsx';
import { LeaveDialog } from './LeaveDialog.tsx';
import { LeftOverDialog } from './LeftOverDialog.tsx';
import type { Origin, Seen } from './origin.ts';
import { ReviewDialog } from './ReviewDialog.tsx';
import type { Saving } from './use-saving.ts';

export type OpenDialog =
  | { readonly kind: 'review' }
  | { readonly kind: 'delete' }
  /** A rename whose second half failed. */
  | { readonly kind: 'left-over'; readonly name: PolicyName; readonly reason: string };

interface Blocker {
  readonly status: 'idle' | 'blocked';
  readonly proceed?: (() => void) | undefined;
  readonly reset?: (() => void) | undefined;
}

interface Props {
  readonly env: string;
  readonly origin: Origin;
  readonly thinker: Thinker;
  readonly store: DraftStore;
  readonly seen: Seen;
  readonly reading: Reading;
  readonly preview: DraftPreview;
  readonly saving: Saving;
  readonly dialog: OpenDialog | null;
  readonly blocker: Blocker;
  readonly isKept: boolean;
  readonly setDialog: (dialog: OpenDialog | null) => void;
  readonly onMerged: (text: string, seen: Seen) => void;
  readonly onDeleted: () => void;
}

/** What stands over the editor; one at a time. */
export function EditorDialogs(props: Props): ReactNode {
  const { env, origin, thinker, store, seen, reading, preview, saving, dialog, blocker, isKept, setDialog } = props;
  const { onMerged, onDeleted } = props;
  const open = useOpen();
  const search = usePageSearch();
  const { ref } = reading;
  if (blocker.status === 'blocked')
    return (
      <LeaveDialog
        isKept={isKept}
        onStay={() => blocker.reset?.()}
        onLeave={() => blocker.proceed?.()}
        onDiscard={() => {
          store.clear();
          blocker.proceed?.();
        }}
      />
    );
  if (saving.conflict) {
    const { theirs, etag } = saving.conflict;
    const next: Seen = { base: theirs?.text ?? null, etag, policy: theirs?.policy ?? null };
    return (
      <ConflictDialog
        name={ref?.name ?? origin.name?.name ?? 'The policy'}
        base={seen.base ?? ''}
        yours={reading.text}
        theirs={theirs}
        onTake={(merged) => onMerged(merged, next)}
        onTheirs={() => theirs && onMerged(theirs.text, next)}
        onClose={saving.reset}
      />
    );
  }
  if (dialog?.kind === 'left-over')
    return (
      <LeftOverDialog
        old={origin.name?.name ?? ''}
        name={dialog.name.name}
        reason={dialog.reason}
        onClose={() => open(paths.policy(dialog.name, carried(search)))}
      />
    );
  if (dialog?.kind === 'delete' && seen.policy && seen.etag !== null && origin.name)
    return (
      <DeletePolicy
        env={env}
        thinker={thinker}
        name={origin.name}
        policy={seen.policy}
        etag={seen.etag}
        onDeleted={onDeleted}
        onClose={() => setDialog(null)}
      />
    );
  if (dialog?.kind !== 'review' || !ref) return null;
  const renames = origin.name !== null && seen.etag !== null && !isSame(origin.name, ref);
  return (
    <ReviewDialog
      title={`Save ${ref.name}${ref.namespace ? ` to ${ref.namespace}` : ''}`}
      reading={reading}
      base={seen.base}
      version={seen.policy?.resourceVersion ?? null}
      preview={preview}
      renamedFrom={renames ? (origin.name?.name ?? null) : null}
      isSaving={saving.isSaving}
      error={saving.error}
      onClose={() => {
        saving.reset();
        setDialog(null);
      }}
      onSave={({ note, revertAfter }) =>
        saving.save({
          name: ref,
          manifest: reading.text,
          etag: renames ? null : seen.etag,
          ...(note ? { note } : {}),
          ...(revertAfter ? { revertAfter } : {}),
          ...(renames && origin.name && seen.etag !== null ? { replaces: { name: origin.name, etag: seen.etag } } : {}),
        })
      }
    />
  );
}

function isSame(a: PolicyName, b: PolicyName): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.kind === b.kind;
}
