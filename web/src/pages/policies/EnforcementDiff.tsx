import type { ReactNode } from 'react';
import { Diff } from '../../ui/Diff.tsx';
import { Note } from '../../ui/Note.tsx';
import { previewEnforcement } from './enforcement-preview.ts';

interface Props {
  readonly manifest: string;
  readonly enabled: boolean;
  readonly isDeployed: boolean;
}

export function EnforcementDiff(props: Props): ReactNode {
  const preview = previewEnforcement(props);
  if ('reason' in preview)
    return (
      <Note tone="plain" title="The change cannot be shown beforehand.">
        {preview.reason}
      </Note>
    );
  return <Diff label="What changes in the manifest" rows={preview.rows} />;
}
