import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { FailedNote } from '../../components/FailedNote.tsx';
import { eventsWords, historyWords } from '../../components/first-seen-words.ts';
import type { NewThing } from '../../components/first-seen-words.ts';
import { Link } from '../../components/Link.tsx';
import { formatCount } from '../../format/number.ts';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import type { Scene } from '../../queries/scene.ts';
import { useObserved } from '../../queries/use-observed.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Pair } from './Pair.tsx';

const most = 8;

const lists = [
  { kind: 'drop', title: 'Newly dropped pairs', none: 'No pair was dropped for the first time.' },
  { kind: 'pair', title: 'New pairs', none: 'No new pair.' },
  { kind: 'name', title: 'New names outside', none: 'No new name.' },
  { kind: 'port', title: 'New ports of workloads', none: 'No new port.' },
] as const;

/** Drops, pairs, outside names and ports that the window has and all that is stored before has not. */
export function FirstSeenLists({ scene }: { readonly scene: Scene }): ReactNode {
  const query = useObserved('flowFirstSeen', scene, { limit: most });
  const found = query.data;
  const isKnown = found !== undefined && found.history.tellsFrom !== null;
  return (
    <section aria-labelledby="first-seen">
      <div className="tbl-head">
        <h2 id="first-seen">Seen for the first time</h2>
        <span className="small quiet">
          {found && historyWords(found, scene.zone)} {isKnown && 'The filter does not hold here.'}
        </span>
      </div>
      <FailedNote what="First seen" questions={[query]} />
      {!found && !query.isError && (
        <div className="pad" aria-busy="true">
          <Bone width="60%" />
        </div>
      )}
      {found && isKnown && (
        <div className="ruled">
          {lists.map(({ kind, title, none }) => (
            <div key={kind}>
              <NewList
                title={title}
                none={none}
                total={found.totals[kind]}
                items={found.items.filter((item) => item.kind === kind)}
              />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

interface ListProps {
  readonly title: string;
  readonly none: string;
  readonly total: number | null;
  readonly items: readonly NewThing[];
}

function NewList({ title, none, total, items }: ListProps): ReactNode {
  const search = carried(usePageSearch());
  const more = (total ?? 0) - items.length;
  return (
    <section aria-label={title} className="rank-block">
      <h3>
        {title} {total !== null && <span className="quiet">{formatCount(total)}</span>}
      </h3>
      {items.length === 0 && <p className="small quiet">{none}</p>}
      <ol className="news">
        {items.map((item) => (
          <li key={item.value}>
            <Icon name={item.dropped === item.count ? 'dropped' : 'forwarded'} />
            <div>
              <Link href={paths.flows({ ...search, filter: item.filter })} title={item.value}>
                {item.kind === 'pair' || item.kind === 'drop' ? <Pair value={item.value} /> : <code>{item.value}</code>}
              </Link>
              <span className="small quiet">
                {eventsWords(item)}, first <Ago at={item.firstSeen} />
              </span>
            </div>
          </li>
        ))}
      </ol>
      {more > 0 && <p className="small quiet">And {formatCount(more)} more.</p>}
    </section>
  );
}
