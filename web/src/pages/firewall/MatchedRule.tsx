import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { onlyValue } from '../../filter/filter-terms.ts';
import { formatCount, unknown } from '../../format/number.ts';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';

type Match = Answer<'transaction'>['matches'][number];

const severities = ['Emergency', 'Alert', 'Critical', 'Error', 'Warning', 'Notice', 'Info', 'Debug'] as const;
const mostPlaces = 4;
const longest = 200;

/** One rule that matched: what it looks for, where it found it and what that adds to the score. */
export function MatchedRule({ match, number }: { readonly match: Match; readonly number: number }): ReactNode {
  const { id, message, about, severity, paranoia, score, found, category, tags, file, line } = match;
  const search = carried(usePageSearch());
  return (
    <li className={score === null ? 'half' : undefined}>
      <span className="ref">{number}</span>
      <div>
        <p>
          <Link
            href={paths.firewall({ ...search, filter: onlyValue('rule', id), show: 'all' })}
            label={`Every request that rule ${id} matched`}
          >
            <code>{id}</code>
          </Link>{' '}
          <b>{message}</b>
        </p>
        {about !== null && <p className="small second">Looks for: {about}</p>}
        {found.slice(0, mostPlaces).map(({ variable, text, offset }, at) => (
          <p key={at} className="small quiet found">
            Found in <code>{variable ?? 'a place the log does not name'}</code>
            {offset !== null && offset > 0 && ` from character ${formatCount(offset + 1)} on`}:{' '}
            <code>{text.slice(0, longest)}</code>
            {text.length > longest && ' …'}
          </p>
        ))}
        {found.length > mostPlaces && (
          <p className="small quiet">and in {formatCount(found.length - mostPlaces)} more places</p>
        )}
        {tags.length > 0 && <p className="small quiet found">{tags.join(' · ')}</p>}
        {file !== null && (
          <p className="small quiet found">
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
