import type { Policy } from '@bartizan/api';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { diffLines, withContext } from '../../diff/diff-lines.ts';
import { canKeepBoth, mergedText, mergeTexts } from '../../editor/merge.ts';
import type { MergePart, Side } from '../../editor/merge.ts';
import { plural } from '../../format/number.ts';
import { Button } from '../../ui/Button.tsx';
import { Code } from '../../ui/Code.tsx';
import { Diff } from '../../ui/Diff.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import { Segments } from '../../ui/Segments.tsx';

interface Props {
  readonly name: string;
  readonly base: string;
  readonly yours: string;
  /** Null where it was deleted meanwhile. */
  readonly theirs: { readonly text: string; readonly policy: Policy } | null;
  readonly onTake: (merged: string) => void;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}

/** Somebody else changed it too: both changes side by side, joined where they do not touch, chosen where they do. */
export function ConflictDialog({ name, base, yours, theirs, onTake, onTheirs, onClose }: Props): ReactNode {
  const parts = useMemo(() => (theirs ? mergeTexts({ base, yours, theirs: theirs.text }) : []), [base, yours, theirs]);
  const [choices, setChoices] = useState<readonly (Side | undefined)[]>([]);
  const conflicts = parts.filter((part) => part.kind === 'conflict');
  const open = conflicts.filter((_, index) => choices[index] === undefined).length;
  const merged = mergedText(parts, choices);
  if (!theirs)
    return (
      <Overlay label={`${name} was deleted meanwhile`} onClose={onClose}>
        <div className="pad">
          <p>Nothing was written. Your text is kept: it can be saved as a new policy.</p>
        </div>
        <div className="drawer-foot">
          <Button label="Save it as a new policy" kind="primary" onPress={() => onTake(yours)} />
          <span className="push" />
          <Button label="Back to the editor" onPress={onClose} />
        </div>
      </Overlay>
    );
  const { modified } = theirs.policy;
  return (
    <Overlay label={`${name} changed meanwhile`} onClose={onClose}>
      <div className="pad conflict">
        <p className="second">
          Nothing was written. {modified ? `It was last written by ${modified.by}, ` : 'It was written, '}
          resourceVersion {theirs.policy.resourceVersion}. Neither change is lost.
        </p>
        <div className="two-way">
          <Change title="What changed in the cluster" base={base} text={theirs.text} />
          <Change title="What you changed" base={base} text={yours} />
        </div>
        {conflicts.length === 0 ? (
          <p>
            <b>Both changes fit together.</b> <span className="second">They touch different lines.</span>
          </p>
        ) : (
          <p>
            <b>{plural(conflicts.length, 'place')} changed by both.</b>{' '}
            <span className="second">Choose for each; the rest fits together.</span>
          </p>
        )}
        {conflicts.map((part, index) => (
          <Choice
            key={index}
            part={part}
            at={index + 1}
            choice={choices[index]}
            onChoose={(side) => setChoices(conflicts.map((_, at) => (at === index ? side : choices[at])))}
          />
        ))}
        {merged !== null && (
          <details>
            <summary>The text of both together</summary>
            <Code label="Merged" text={merged} language="yaml" hasLines />
          </details>
        )}
      </div>
      <div className="drawer-foot">
        <Button
          label="Take it into the editor"
          kind="primary"
          disabledBecause={merged === null ? `${plural(open, 'place')} to choose` : undefined}
          onPress={() => merged !== null && onTake(merged)}
        />
        {merged === null && <span className="small quiet">{plural(open, 'place')} to choose</span>}
        <Button label="Drop my change, show the cluster’s" onPress={onTheirs} />
        <span className="push" />
        <Button label="Back to the editor" onPress={onClose} />
      </div>
    </Overlay>
  );
}

function Change(props: { readonly title: string; readonly base: string; readonly text: string }): ReactNode {
  const { title, base, text } = props;
  return (
    <div>
      <h3>{title}</h3>
      {base === text ? (
        <p className="small second">Nothing that this text says.</p>
      ) : (
        <Diff label={title} rows={withContext(diffLines(base, text), 2)} />
      )}
    </div>
  );
}

function Choice(props: {
  readonly part: Extract<MergePart, { kind: 'conflict' }>;
  readonly at: number;
  readonly choice: Side | undefined;
  readonly onChoose: (side: Side) => void;
}): ReactNode {
  const { part, at, choice, onChoose } = props;
  return (
    <section aria-label={`Place ${at}`} className="conflict-place">
      <div className={part.base.length > 0 ? 'three-way' : 'two-way'}>
        {part.base.length > 0 && <Lines place={at} title="Before both" lines={part.base} isChosen={false} />}
        <Lines place={at} title="Theirs" lines={part.theirs} isChosen={choice === 'theirs' || choice === 'both'} />
        <Lines place={at} title="Yours" lines={part.yours} isChosen={choice === 'yours' || choice === 'both'} />
      </div>
      <Segments
        label={`Place ${at}: which`}
        value={choice ?? 'none'}
        options={[
          { value: 'theirs' as const, label: 'Theirs' },
          { value: 'yours' as const, label: 'Yours' },
          {
            value: 'both' as const,
            label: 'Yours, then theirs',
            disabledBecause: canKeepBoth(part) ? undefined : 'One key cannot be there twice',
          },
        ]}
        onChange={(side) => side !== 'none' && onChoose(side)}
      />
    </section>
  );
}

function Lines(props: {
  readonly place: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly isChosen: boolean;
}): ReactNode {
  const { place, title, lines, isChosen } = props;
  return (
    <div className={isChosen ? 'chosen' : ''}>
      <p className="col-head">
        <b>{title}</b>
      </p>
      {lines.length === 0 ? (
        <p className="small second">takes these lines out</p>
      ) : (
        <Code label={`${title}, place ${place}`} text={lines.join('\n')} language="yaml" />
      )}
    </div>
  );
}
