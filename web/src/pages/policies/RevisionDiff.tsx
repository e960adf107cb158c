import type { PolicyRevision } from '@bartizan/api';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { diffLines, withContext } from '../../diff/diff-lines.ts';
import { Button } from '../../ui/Button.tsx';
import { Diff } from '../../ui/Diff.tsx';
import { Select } from '../../ui/Select.tsx';
import { comparisons, plain, sameContent } from './revision-words.ts';

interface Props {
  readonly revision: PolicyRevision;
  readonly all: readonly PolicyRevision[];
  readonly now: string | null;
  readonly isBusy: boolean;
  readonly onRestore: () => void;
}

/** One version beside another, and the way to bring it back. */
export function RevisionDiff({ revision, all, now, isBusy, onRestore }: Props): ReactNode {
  const choices = comparisons(revision, all, now);
  const [key, setKey] = useState('before');
  const other = choices.find((one) => one.key === key) ?? choices[0];
  const before = plain(other?.manifest ?? '');
  const after = plain(revision.manifest ?? '');
  const rows = withContext(diffLines(before, after), 2);
  const isNow = sameContent(revision.manifest, now);
  const words = revision.action === 'delete' ? 'the version before it was deleted' : `version ${revision.revision}`;
  return (
    <div className="revision-open">
      <Select
        label={`Version ${revision.revision} against`}
        value={key}
        options={choices.map((one) => ({ value: one.key, label: one.label }))}
        onChange={setKey}
      />
      {before === after ? (
        <p className="small second">They say the same.</p>
      ) : (
        <Diff label={`Changes of version ${revision.revision}`} rows={rows} />
      )}
      <Button
        label={isBusy ? 'Restoring …' : `Restore ${words}`}
        icon="refresh"
        small
        disabledBecause={isNow ? 'The cluster has it now' : isBusy ? 'It is being written' : undefined}
        onPress={onRestore}
      />
    </div>
  );
}
