import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { formatCount, unknown } from '../../format/number.ts';
import { Icon } from '../../ui/Icon.tsx';

type Transaction = Answer<'transaction'>;
type Match = Transaction['matches'][number];

const severities = ['Emergency', 'Alert', 'Critical', 'Error', 'Warning', 'Notice', 'Info', 'Debug'] as const;

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
      {rules.length === 0 && <p className="small second">No rule but the evaluation itself is in the record.</p>}
      <ol className="sum">
        {rules.map((match, at) => (
          <Rule key={`${match.id} ${at}`} match={match} number={at + 1} />
        ))}
      </ol>
      <dl className="total">
        <dt>
          Inbound score <span className="quiet">{addends(rules)}</span>
        </dt>
        <dd>{scores.inbound ?? unknown}</dd>
        <dt>Threshold for inbound</dt>
        <dd>{scores.threshold ?? unknown}</dd>
        {scores.stated !== null && scores.inbound !== null && scores.stated !== scores.inbound && (
          <>
            <dt className="quiet">The log itself states</dt>
            <dd className="quiet">{scores.stated}</dd>
          </>
        )}
        <dt className="out">
          <Outcome transaction={transaction} evaluation={evaluation} />
        </dt>
        <dd />
      </dl>
    </section>
  );
}

function Rule({ match, number }: { readonly match: Match; readonly number: number }): ReactNode {
  const { id, message, severity, paranoia, score, found, category, file, line } = match;
  return (
    <li className={score === null ? 'half' : undefined}>
      <span className="ref">{number}</span>
      <div>
        <p>
          <code>{id}</code> <b>{message}</b>
        </p>
        {found.slice(0, 4).map(({ variable, text }, at) => (
          <p key={at} className="small quiet found">
            Found in <code>{variable ?? 'a place the log does not name'}</code>: <code>{text.slice(0, 200)}</code>
            {text.length > 200 && ' …'}
          </p>
        ))}
        {found.length > 4 && <p className="small quiet">and in {formatCount(found.length - 4)} more places</p>}
        {file && (
          <p className="small quiet">
            {file}
            {line === null ? '' : `:${line}`}
          </p>
        )}
      </div>
      <p className="small second lv">
        {severity === null ? category : severities[severity]}
        <br />
        {paranoia !== null && `paranoia ${paranoia}`}
      </p>
      <p className="num sc">{score ?? unknown}</p>
    </li>
  );
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
  const { inbound, threshold } = scores;
  const compared =
    inbound !== null && threshold !== null
      ? `${inbound} is ${inbound >= threshold ? 'at or above' : 'below'} ${threshold}: `
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
