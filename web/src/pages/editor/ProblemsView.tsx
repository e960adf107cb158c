import type { PolicyProblem } from '@bartizan/api';
import type { ReactNode } from 'react';
import type { DraftPreview } from '../../queries/use-preview.ts';
import { Button } from '../../ui/Button.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';
import { Note } from '../../ui/Note.tsx';

interface Props {
  readonly problems: readonly Pick<PolicyProblem, 'code' | 'severity' | 'refusedBy' | 'message' | 'path' | 'line'>[];
  readonly preview: DraftPreview;
  readonly onJump: (line: number) => void;
}

/** What is wrong, or surprising, and what the API server says to it. */
export function ProblemsView({ problems, preview, onJump }: Props): ReactNode {
  const { data, isOld, error } = preview;
  const isAsked = problems.every(({ severity }) => severity === 'warning');
  return (
    <div className="notes">
      {problems.map(({ code, severity, refusedBy, message, path, line }) => (
        <Note
          key={`${code} ${path} ${message}`}
          tone={severity === 'error' ? 'danger' : 'plain'}
          icon={severity === 'error' ? 'danger' : 'warn'}
          title={problemTitle(severity, refusedBy)}
          actions={line !== undefined && <Button label={`Go to line ${line}`} small onPress={() => onJump(line)} />}
        >
          <InlineCode text={message} /> {path && <span className="quiet">{path}</span>}
        </Note>
      ))}
      {isAsked && data && !isOld && <Dry refusal={data.refusal} />}
      {isAsked && !data && !error && <p className="small quiet">The API server is being asked …</p>}
      {error && (
        <Note tone="warning" title="The API server could not be asked.">
          {error.message}
        </Note>
      )}
      {problems.length === 0 && <p className="small second">We know of no problem.</p>}
    </div>
  );
}

export function problemTitle(severity: 'error' | 'warning', refusedBy: PolicyProblem['refusedBy']): string {
  if (refusedBy) return `${refusedBy === 'cilium' ? 'Cilium' : 'The API server'} would refuse it.`;
  return severity === 'error' ? 'Error.' : 'Worth knowing.';
}

function Dry({ refusal }: { readonly refusal: string | null }): ReactNode {
  if (refusal === null)
    return (
      <Note tone="plain" icon="ok" title="The API server would take it.">
        Tried in a dry run with strict fields; nothing was written.
      </Note>
    );
  return (
    <Note tone="danger" title="The API server would refuse it.">
      {refusal}
    </Note>
  );
}
