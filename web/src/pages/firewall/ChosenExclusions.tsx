import type { Answer } from '@bartizan/api';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount } from '../../format/number.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Button } from '../../ui/Button.tsx';
import { Code } from '../../ui/Code.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { LikelyAttacks } from './LikelyAttacks.tsx';
import { replayWords } from './replay-words.ts';

interface Props {
  /** Null while it is on its way. */
  readonly chosen: Answer<'wafTuning'>['chosen'];
  readonly onClear: () => void;
  readonly className: string;
}

/** The chosen exclusions as text, and what they would do together. */
export function ChosenExclusions({ chosen, onClear, className }: Props): ReactNode {
  const [form, setForm] = useState<'modsecurity' | 'annotation'>('modsecurity');
  if (!chosen)
    return (
      <section className="chosen-exclusions" aria-busy="true" aria-label="Chosen exclusions">
        <Bone width="40%" />
        <Bone width="70%" />
      </section>
    );
  const { keys, missing, replay, notes } = chosen;
  const text = chosen[form];
  return (
    <section className={`chosen-exclusions ${className}`} aria-label="Chosen exclusions">
      <h3>
        {keys.length === 1 ? 'One exclusion chosen' : `${keys.length} exclusions chosen`}
        <span className="push" />
        <Segments
          label="Written for"
          value={form}
          onChange={setForm}
          options={[
            { value: 'modsecurity', label: 'ModSecurity' },
            { value: 'annotation', label: 'ingress-nginx' },
          ]}
        />
        <CopyButton label="Copy" text={() => text} />
        <Button label="Choose none" icon="x" small onPress={onClear} />
      </h3>
      {missing.length > 0 && (
        <p className="small second">
          {missing.length === 1 ? 'One more was' : `${missing.length} more were`} chosen that this window and filter
          have nothing of.
        </p>
      )}
      <p>
        Replayed over the stored requests: <b>{replayWords(replay)}</b>
      </p>
      <ul className="small quiet">
        {replay.stillJudgedReasons.slice(0, 3).map(({ value, count }) => (
          <li key={value}>
            {formatCount(count)} judged all the same: {value}
          </li>
        ))}
        {replay.unknownReasons.slice(0, 3).map(({ value, count }) => (
          <li key={value}>
            {formatCount(count)} cannot be told: {value}
          </li>
        ))}
      </ul>
      <LikelyAttacks replay={replay} />
      <Code label="Exclusions" text={text} language={form === 'annotation' ? 'yaml' : 'plain'} wraps />
      <ul className="small second notes">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
