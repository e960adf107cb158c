import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Icon } from '../../ui/Icon.tsx';
import { MatchedRule } from './MatchedRule.tsx';
import { decidingSide } from './score-words.ts';
import { ScoreTotals } from './ScoreTotals.tsx';

type Transaction = Answer<'transaction'>;
type Match = Transaction['matches'][number];

const why: Readonly<Record<Transaction['class'], string>> = {
  blocked: 'Why it was blocked',
  detected: 'Why it was judged an attack',
  matched: 'What matched',
  clean: 'What matched',
};

const reasons: Readonly<Record<Transaction['reason'], string>> = {
  log: 'The log says so itself.',
  evaluation: 'An evaluation or denying rule matched.',
  severity: 'No anomaly scoring is configured; a match of this severity counts.',
  inferred: 'Inferred from the engine’s mode and the status: the log does not say.',
  none: '',
};

/** Every rule that matched, and the sum. */
export function ScoreSum({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const { matches, scores } = transaction;
  const rules = matches.filter(({ isEvaluation }) => !isEvaluation);
  const evaluation = matches.find(({ isEvaluation }) => isEvaluation);
  return (
    <section>
      <h3>
        {why[transaction.class]}{' '}
        <span className="sub">{reasons[transaction.reason] || 'every rule that matched, and the sum'}</span>
        <span className="push" />
        <span className="small quiet">Score</span>
      </h3>
      {rules.length === 0 && <p className="small second">{noRule(evaluation !== undefined)}</p>}
      <ol className="sum">
        {rules.map((match, at) => (
          <MatchedRule key={`${match.id} ${at}`} match={match} number={at + 1} />
        ))}
      </ol>
      <dl className="total">
        <ScoreTotals scores={scores} addends={addends(rules)} />
        <dt className="out">
          <Outcome transaction={transaction} evaluation={evaluation} />
        </dt>
        <dd />
      </dl>
    </section>
  );
}

function noRule(hasEvaluation: boolean): string {
  return hasEvaluation
    ? 'This log holds the evaluation alone, as nginx’s error log does for denials: which rules scored is in the audit log (SecAuditLogParts with H).'
    : 'No rule is in the record.';
}

function addends(rules: readonly Match[]): string {
  const known = rules.flatMap(({ score }) => (score === null ? [] : [score]));
  return known.length > 1 ? known.join(' + ') : '';
}

function Outcome({
  transaction,
  evaluation,
}: {
  readonly transaction: Transaction;
  readonly evaluation: Match | undefined;
}): ReactNode {
  const { scores, engine } = transaction;
  const { sum, stated, threshold } = scores[decidingSide(transaction)];
  const score = stated ?? sum;
  const compared =
    score !== null && threshold !== null
      ? `${score} is ${score >= threshold.value ? 'at or above' : 'below'} ${threshold.value}: `
      : '';
  const by = evaluation ? ` by rule ${evaluation.id}` : '';
  switch (transaction.class) {
    case 'blocked':
      return (
        <>
          <span className="st blocked">
            <Icon name="blocked" />
          </span>
          {compared}blocked{by}
        </>
      );
    case 'detected':
      return (
        <>
          <span className="st warning">
            <Icon name="detected" />
          </span>
          {compared}judged an attack{by}, and let through
          {engine === 'detection-only' && ': the engine only detects'}
        </>
      );
    case 'matched':
      return <>{compared}let through</>;
    case 'clean':
      return <>no rule matched</>;
    default:
      return transaction.class satisfies never;
  }
}
