import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { createDraftStore } from '../../editor/draft-store.ts';
import type { StoredDraft } from '../../editor/draft-store.ts';
import type { Thinker } from '../../editor/thinker.ts';
import { Editor } from './Editor.tsx';
import type { Origin } from './origin.ts';
import { RestoreDraft } from './RestoreDraft.tsx';

interface Props {
  readonly origin: Origin;
  readonly thinker: Thinker;
  readonly env: string;
}

/** Opens the editor, or first asks what is to become of unsaved work from before. */
export function EditorStart({ origin, thinker, env }: Props): ReactNode {
  const key = origin.name ? `${env}/${origin.name.namespace}/${origin.name.kind}/${origin.name.name}` : `${env}/new`;
  const store = useMemo(() => createDraftStore(() => globalThis.localStorage, key), [key]);
  const [draft, setDraft] = useState<StoredDraft | null>(() => differing(store.read(), origin));
  const [opened, setOpened] = useState<Origin | null>(null);
  if (draft)
    return (
      <RestoreDraft
        name={origin.name?.name ?? 'a new policy'}
        draft={draft}
        onDiscard={() => {
          store.clear();
          setDraft(null);
        }}
        onRestore={() => {
          void thinker.ask('read', draft.text).then((start) => {
            setOpened(restored(origin, draft, start));
            setDraft(null);
          });
        }}
      />
    );
  return <Editor origin={opened ?? origin} thinker={thinker} store={store} />;
}

function differing(draft: StoredDraft | null, origin: Origin): StoredDraft | null {
  return draft && draft.text !== origin.start.text ? draft : null;
}

/** The draft goes on from the version that it was begun on: what changed since then is told, not overwritten. */
function restored(origin: Origin, draft: StoredDraft, start: Origin['start']): Origin {
  const { seen } = origin;
  const base = draft.etag === null ? null : draft.base;
  return { ...origin, seen: { ...seen, base, etag: draft.etag }, pristine: draft.base, start };
}
