import type { Answer } from '@bartizan/api';
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { unknown } from '../../format/number.ts';
import { disagreement } from './score-words.ts';
import type { SideScore } from './score-words.ts';

type Scores = Answer<'transaction'>['scores'];

/** The sums of both sides against their thresholds and against what the log states, and what they are made of. */
export function ScoreTotals({ scores, addends }: { readonly scores: Scores; readonly addends: string }): ReactNode {
  const { inbound, outbound, byCategory, byParanoia } = scores;
  const hasOutbound = (outbound.sum ?? 0) > 0 || outbound.stated !== null;
  const hasSeveral = byCategory.length > 1 || byParanoia.length > 1;
  return (
    <>
      <Side name="inbound" score={inbound} addends={hasOutbound ? '' : addends} />
      {hasOutbound && <Side name="outbound" score={outbound} addends="" />}
      {hasSeveral && (
        <dt className="across small quiet">
          By category: {byCategory.map(({ category, score }) => `${category} ${score}`).join(' · ')}
        </dt>
      )}
      {hasSeveral && (
        <dt className="across small quiet">
          By paranoia level:{' '}
          {byParanoia
            .map(
              (level) => `${level.paranoia === null ? 'not told' : level.paranoia}: ${level.inbound + level.outbound}`,
            )
            .join(' · ')}
        </dt>
      )}
    </>
  );
}

function Side({
  name,
  score,
  addends,
}: {
  readonly name: 'inbound' | 'outbound';
  readonly score: SideScore;
  readonly addends: string;
}): ReactNode {
  const { sum, stated, threshold } = score;
  const words = disagreement(score);
  return (
    <Fragment>
      <dt>
        {name === 'inbound' ? 'Inbound score' : 'Outbound score'} <span className="quiet">{addends}</span>
      </dt>
      <dd>{sum ?? stated ?? unknown}</dd>
      <dt>
        Threshold for {name}{' '}
        {threshold?.from === 'default' && <span className="quiet">the rule set’s default: the log does not say</span>}
      </dt>
      <dd>{threshold?.value ?? unknown}</dd>
      {words !== null && <dt className="across small second">{words}</dt>}
    </Fragment>
  );
}
