import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { diffLines, withContext } from '../../diff/diff-lines.ts';
import type { StoredDraft } from '../../editor/draft-store.ts';
import { formatMoment } from '../../format/time.ts';
import { useScene } from '../../frame/scene-context.ts';
import { Blank } from '../../ui/Blank.tsx';
import { Button } from '../../ui/Button.tsx';
import { Diff } from '../../ui/Diff.tsx';

interface Props {
  readonly name: string;
  readonly draft: StoredDraft;
  readonly onRestore: () => void;
  readonly onDiscard: () => void;
}

/** Unsaved work from before: nothing else opens until it is decided. */
export function RestoreDraft({ name, draft, onRestore, onDiscard }: Props): ReactNode {
  const { zone } = useScene();
  const rows = useMemo(() => withContext(diffLines(draft.base, draft.text), 2), [draft]);
  return (
    <>
      <Blank
        title={`There is unsaved work on ${name}.`}
        icon="pencil"
        tone="notice"
        actions={
          <>
            <Button label="Go on with it" kind="primary" onPress={onRestore} />
            <Button label="Discard it" onPress={onDiscard} />
          </>
        }
      >
        <p>It was kept in this browser at {formatMoment(draft.savedAtMs, zone)}. Nothing of it is in the cluster.</p>
      </Blank>
      <div className="pad">
        <Diff label="Unsaved work" rows={rows} />
      </div>
    </>
  );
}
