import type { Policy } from '@bartizan/api';
import type { ReactNode } from 'react';
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
  const pairs = useObserved('flowBreakdown', scene, { by: 'pair', filter: 'verdict:DROPPED', limit: 1000 });
  const pairsBefore = useObserved('flowBreakdown', before, { by: 'pair', filter: 'verdict:DROPPED', limit: 1000 });
  const { data: deleted } = useDeletedPolicies(scene);
  const period = lengthShort(windowOf(scene, moment.read()));
  const edits = policies && deleted && policyChanges({ policies, deleted }, windowOf(scene, moment.read()));
  const newAttackers = firstSeen(attackers.data?.items, attackersBefore.data?.items);
  const newPairs = firstSeen(pairs.data?.items, pairsBefore.data?.items);
  const isEmpty = edits?.length === 0 && newAttackers?.length === 0 && newPairs?.length === 0;
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
        {newPairs?.slice(0, shown).map(({ value, dropped }) => (
          <li key={value}>
            <span className="quiet">new</span>
            <Icon name="dropped" tone="warning" />
            <p>
              Drops from{' '}
              <Link href={paths.network({ ...carried(search), filter: onlyValue('pair', value) })}>
                <b>{value.replace(' -> ', ' to ')}</b>
              </Link>
              : {plural(dropped, 'event')}.
            </p>
          </li>
        ))}
        {isEmpty && (
          <li className="feed-note">
            <p>No policy was edited, and nobody new attacked or was dropped.</p>
          </li>
        )}
        {!edits && !newAttackers && !newPairs && (
          <li className="feed-note" aria-busy="true">
            <Bone width="90%" />
          </li>
        )}
      </ol>
      <p className="small quiet feed-foot">
        {moreWords(newAttackers?.length, newPairs?.length)}“New” was not seen in the {period} before.
      </p>
    </section>
  );

  function isToday(at: number, zone: typeof scene.zone): boolean {
    return formatDay(at, zone) === formatDay(moment.read(), zone);
  }
}

function moreWords(attackers = 0, pairs = 0): string {
  const more = [
    attackers > shown ? `${formatCount(attackers - shown)} more addresses` : '',
    pairs > shown ? `${formatCount(pairs - shown)} more pairs` : '',
  ].filter((words) => words !== '');
  return more.length === 0 ? '' : `And ${more.join(', ')}. `;
}
