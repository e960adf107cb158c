import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { Icon } from '../../ui/Icon.tsx';
import { attackWords } from './replay-words.ts';

type Replay = Answer<'wafTuning'>['groups'][number]['replay'];

/** Which of the requests that would pass show what attacks show, each to be looked at. */
export function LikelyAttacks({ replay }: { readonly replay: Replay }): ReactNode {
  const search = carried(usePageSearch());
  const words = attackWords(replay);
  if (words === null) return null;
  return (
    <div className="small likely">
      <p>
        <Icon name="warn" tone="warning" /> {words}
      </p>
      <ul>
        {replay.likelyAttacks.examples.slice(0, 3).map(({ id, client, signs }) => (
          <li key={id}>
            <Link href={paths.transaction(id, { ...search, show: 'all' })}>
              <code>{client}</code>
            </Link>{' '}
            <span className="quiet">{signs.join('; ')}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
