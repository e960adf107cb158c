import { Suspense, lazy } from 'react';
import type { ReactNode } from 'react';
import type { DocumentState } from '../../editor/document-state.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Button } from '../../ui/Button.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';
import { Note } from '../../ui/Note.tsx';

const YamlPane = lazy(async () => ({ default: (await import('./YamlPane.tsx')).YamlPane }));

interface Props {
  /** Made ready while the other mode is shown; it keeps its place and what can be undone. */
  readonly isHidden: boolean;
  readonly state: DocumentState;
  readonly jump: { readonly line: number } | null;
  readonly formatFault: string | null;
  readonly onText: (text: string) => void;
  readonly onFormat: () => void;
  readonly onJump: (line: number) => void;
}

const mostReasons = 4;

/** The text itself; above it why Rule mode is off, where it is. */
export function YamlMode({ isHidden, state, jump, formatFault, onText, onFormat, onJump }: Props): ReactNode {
  const { rules, problems } = state.reading;
  return (
    <div hidden={isHidden}>
      {!rules.ok && (
        <Note tone="notice" title="Rule mode is off: it cannot show all of this text.">
          Nothing of it is lost; it is edited here.
          <span className="reasons">
            {rules.reasons.slice(0, mostReasons).map(({ code, message, path, line }) => (
              <span key={`${code} ${path} ${message}`}>
                {line !== undefined && (
                  <button type="button" className="link" onClick={() => onJump(line)}>
                    line {line}
                  </button>
                )}{' '}
                <InlineCode text={message} />
              </span>
            ))}
            {rules.reasons.length > mostReasons && <span>and {rules.reasons.length - mostReasons} more</span>}
          </span>
        </Note>
      )}
      <div className="yaml-bar">
        <Button label="Format" small onPress={onFormat} />
        {formatFault && <span className="small second">{formatFault}</span>}
        <span className="push" />
        <span className="small quiet wide">
          <kbd>Ctrl</kbd> <kbd>Space</kbd> completes, <kbd>Ctrl</kbd> <kbd>F</kbd> searches, <kbd>Esc</kbd>{' '}
          <kbd>Tab</kbd> leaves
        </span>
      </div>
      <Suspense fallback={<Bone width="100%" height={320} />}>
        <YamlPane isHidden={isHidden} text={state.text} problems={problems} onChange={onText} jump={jump} />
      </Suspense>
    </div>
  );
}
