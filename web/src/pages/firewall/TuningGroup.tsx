import { printFilter } from '@bartizan/api';
import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { Link } from '../../components/Link.tsx';
import { formatCount } from '../../format/number.ts';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { Icon } from '../../ui/Icon.tsx';
import { LikelyAttacks } from './LikelyAttacks.tsx';
import { replayWords } from './replay-words.ts';

type Group = Answer<'wafTuning'>['groups'][number];

interface Props {
  readonly group: Group;
  readonly isChosen: boolean;
  readonly chosen: readonly string[];
  readonly onChoose: (key: string) => void;
}

/** One kind of match: what it is, what speaks for ordinary traffic and what for an attack, and what leaving it out would do. */
export function TuningGroup({ group, isChosen, chosen, onChoose }: Props): ReactNode {
  const search = carried(usePageSearch());
  const { key, rule, message, about, variable, path, requests, blocked, detected, clients, lastSeen } = group;
  const { signs, proposal, replay, hosts } = group;
  const place = variable ?? 'a place that the log does not name';
  return (
    <li className={isChosen ? 'chosen' : undefined}>
      <div className="what">
        <p>
          <Link href={paths.firewall({ ...search, filter: recordsOf(group) })} label={`The requests of rule ${rule}`}>
            <code>{rule}</code>
          </Link>{' '}
          <b>{message}</b>
        </p>
        {about !== null && <p className="small second">Looks for: {about}</p>}
        <p className="small">
          in <code className="long">{place}</code>
          <br />
          on <code className="long">{path}</code>
        </p>
        <p className="small quiet">
          {formatCount(requests)} {requests === 1 ? 'request' : 'requests'} ({formatCount(blocked)} blocked,{' '}
          {formatCount(detected)} let through), {formatCount(clients)} {clients === 1 ? 'client' : 'clients'}, the last{' '}
          <Ago at={lastSeen} />
          {hosts[0] !== undefined && `, ${hosts[0].value}`}
          {hosts.length > 1 && ` and ${hosts.length - 1} more`}
        </p>
      </div>
      <ul className="signs small">
        {signs.map(({ speaksFor, text }) => (
          <li key={text}>
            <Icon
              name={speaksFor === 'ordinary' ? 'plus' : 'warn'}
              tone={speaksFor === 'ordinary' ? 'fine' : 'warning'}
            />
            <span>
              <span className="quiet">{speaksFor === 'ordinary' ? 'ordinary' : 'attack'}:</span> {text}
            </span>
          </li>
        ))}
      </ul>
      <div className="effect">
        {proposal.ok ? (
          <>
            <label className="choose">
              <input type="checkbox" checked={isChosen} onChange={() => onChoose(key)} />
              <span>
                Leave out {proposal.target === null ? `rule ${rule} as a whole` : <code>{proposal.target}</code>} here
              </span>
            </label>
            <p className="small">{replayWords(replay)}</p>
            {replay.stillJudged > 0 && <Companions group={group} chosen={chosen} onChoose={onChoose} />}
            <LikelyAttacks replay={replay} />
          </>
        ) : (
          <p className="small second">No exclusion: {proposal.reason}</p>
        )}
      </div>
    </li>
  );
}

/** What else matched in the same requests, each to be chosen with it. */
function Companions({ group, chosen, onChoose }: Omit<Props, 'isChosen'>): ReactNode {
  const others = group.companions.filter(({ key }) => key !== null).slice(0, 4);
  if (others.length === 0) return null;
  return (
    <p className="small second">
      In the same requests:{' '}
      {others.map(({ key, rule, variable, count }) =>
        key === null ? null : (
          <button
            key={key}
            type="button"
            className="companion"
            aria-pressed={chosen.includes(key)}
            title={`${rule} in ${variable ?? 'an unnamed place'}, in ${formatCount(count)} of these requests`}
            onClick={() => onChoose(key)}
          >
            {rule} <code>{variable ?? '?'}</code>
          </button>
        ),
      )}
    </p>
  );
}

/** A template of paths cannot be filtered by: then only the rule is. */
function recordsOf({ rule, path }: Group): string {
  const term = (field: string, value: string) =>
    ({ field, negated: false, test: { kind: 'any-of', values: [value] } }) as const;
  return printFilter([term('rule', rule), ...(path.includes('{') ? [] : [term('path', path)])]);
}
