import type { Answer, Policy } from '@bartizan/api';
import type { ReactNode } from 'react';
import { eventsWords, historyWords } from '../../components/first-seen-words.ts';
import type { NewThing } from '../../components/first-seen-words.ts';
import { Link } from '../../components/Link.tsx';
import { onlyValue } from '../../filter/filter-terms.ts';
import { formatCount, plural } from '../../format/number.ts';
import { formatDay, formatMinute, formatMoment } from '../../format/time.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { useConsoleApi } from '../../queries/console-api.tsx';
import { useDeletedPolicies } from '../../queries/use-deleted-policies.ts';
import { previousScene, windowOf } from '../../queries/scene.ts';
import { useObserved } from '../../queries/use-observed.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { lengthShort } from '../../window/window-spec.ts';
import { firstSeen, policyChanges } from './changes.ts';

const shown = 3;
const changeIcons = { changed: 'policies', disabled: 'off', deleted: 'trash' } as const;

/** Edits of policies in the window, and who and what is seen in it that the window before did not have. */
export function WhatChanged({ policies }: { readonly policies: readonly Policy[] | undefined }): ReactNode {
  const scene = useScene();
  const search = usePageSearch();
  const { moment } = useConsoleApi();
  const before = previousScene(scene, moment.read());
  const attackers = useObserved('wafBreakdown', scene, { by: 'client', filter: 'class:anomalous', limit: 1000 });
  const attackersBefore = useObserved('wafBreakdown', before, { by: 'client', filter: 'class:anomalous', limit: 1000 });
  const { data: deleted } = useDeletedPolicies(scene);
  const fresh = useObserved('flowFirstSeen', scene, { limit: shown });
  const period = lengthShort(windowOf(scene, moment.read()));
  const edits = policies && deleted && policyChanges({ policies, deleted }, windowOf(scene, moment.read()));
  const newAttackers = firstSeen(attackers.data?.items, attackersBefore.data?.items);
  const news = fresh.data?.items.filter(({ kind }) => kind !== 'port').toSorted(dropsFirst);
  const isKnown = fresh.data && fresh.data.history.tellsFrom !== null;
  const isEmpty = edits?.length === 0 && newAttackers?.length === 0 && isKnown && news?.length === 0;
  return (
    <section aria-labelledby="what-changed">
      <div className="sec">
        <h2 id="what-changed">What changed</h2>
      </div>
      <ol className="feed">
        {edits?.map(({ policy, what, at, by }) => (
          <li key={`${policy.namespace}/${policy.kind}/${policy.name}`}>
            <time dateTime={new Date(at).toISOString()} title={formatMoment(at, scene.zone)}>
              {isToday(at, scene.zone) ? formatMinute(at, scene.zone) : formatDay(at, scene.zone)}
            </time>
            <Icon name={changeIcons[what]} />
            <p>
              <Link href={paths.policy(policy, carried(search))}>
                <b>
                  {policy.namespace && `${policy.namespace}/`}
                  {policy.name}
                </b>
              </Link>{' '}
              {what} {by === null ? 'elsewhere' : `by ${by}`}.
            </p>
          </li>
        ))}
        {newAttackers?.slice(0, shown).map(({ value, anomalous }) => (
          <li key={value}>
            <span className="quiet">new</span>
            <Icon name="detected" tone="danger" />
            <p>
              Attacks from{' '}
              <Link href={paths.firewall({ ...carried(search), filter: onlyValue('client', value) })}>
                <b>{value}</b>
              </Link>
              : {plural(anomalous, 'request')}.
            </p>
          </li>
        ))}
        {news?.map((item) => (
          <li key={`${item.kind} ${item.value}`}>
            <span className="quiet">new</span>
            <Icon {...newSigns[item.kind]} />
            <p>
              {newWords[item.kind]}{' '}
              <Link href={paths.flows({ ...carried(search), filter: item.filter })}>
                <b>{item.value.replace(' -> ', ' to ')}</b>
              </Link>
              : {eventsWords(item)}.
            </p>
          </li>
        ))}
        {isEmpty && (
          <li className="feed-note">
            <p>
              No policy was edited, nobody new attacked, and nothing was dropped, paired or named for the first time.
            </p>
          </li>
        )}
        {!edits && !newAttackers && !fresh.data && (
          <li className="feed-note" aria-busy="true">
            <Bone width="90%" />
          </li>
        )}
      </ol>
      <p className="small quiet feed-foot">
        {moreWords(newAttackers?.length, fresh.data?.totals)}A new address did not attack in the {period} before.{' '}
        {fresh.data && `Flows: ${lowerFirst(historyWords(fresh.data, scene.zone))}`}
      </p>
    </section>
  );

  function isToday(at: number, zone: typeof scene.zone): boolean {
    return formatDay(at, zone) === formatDay(moment.read(), zone);
  }
}

const newWords = { drop: 'Drops from', pair: 'Flows from', name: 'First contact with', port: 'Port' } as const;

const newSigns = {
  drop: { name: 'dropped', tone: 'warning' },
  pair: { name: 'forwarded' },
  name: { name: 'forwarded' },
  port: { name: 'forwarded' },
} as const;

function dropsFirst(one: NewThing, other: NewThing): number {
  return Number(other.kind === 'drop') - Number(one.kind === 'drop');
}

function moreWords(attackers = 0, totals: Answer<'flowFirstSeen'>['totals'] | undefined): string {
  const more = [
    attackers > shown ? `${formatCount(attackers - shown)} more addresses` : '',
    (totals?.drop ?? 0) > shown ? `${formatCount((totals?.drop ?? 0) - shown)} more dropped pairs` : '',
    (totals?.pair ?? 0) > shown ? `${formatCount((totals?.pair ?? 0) - shown)} more pairs` : '',
    (totals?.name ?? 0) > shown ? `${formatCount((totals?.name ?? 0) - shown)} more names` : '',
  ].filter((words) => words !== '');
  return more.length === 0 ? '' : `And ${more.join(', ')}. `;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
