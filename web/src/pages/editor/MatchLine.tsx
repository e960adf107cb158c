import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Matching } from '../../editor/pod-match.ts';
import { plural } from '../../format/number.ts';
import { Icon } from '../../ui/Icon.tsx';

const mostShown = 50;

/** How many pods match now, and which. `null` where it is not known which pods run. */
export function MatchLine({ matching, of }: { readonly matching: Matching | null; readonly of: string }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (matching === null)
    return (
      <span className="matchline small second">
        <Icon name="pods" /> pods not known
      </span>
    );
  const { pods, isKnown } = matching;
  if (!isKnown)
    return (
      <span className="matchline small second" title="The labels of pods alone do not tell">
        <Icon name="pods" /> which pods is not known here
      </span>
    );
  return (
    <span className="matchline small second">
      <Icon name="pods" {...(pods.length === 0 ? { tone: 'warning' as const } : {})} />
      {pods.length === 0 ? 'no pod now' : `${plural(pods.length, 'pod')} now`}
      {pods.length > 0 && (
        <>
          {', '}
          <button
            type="button"
            className="link"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Hide' : 'Show'} the pods of ${of}`}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'hide' : 'show'}
          </button>
        </>
      )}
      {isOpen && (
        <span className="match-list">
          {pods.slice(0, mostShown).map(({ namespace, name }) => (
            <code key={`${namespace}/${name}`}>{`${namespace}/${name}`}</code>
          ))}
          {pods.length > mostShown && <span className="quiet">and {pods.length - mostShown} more</span>}
        </span>
      )}
    </span>
  );
}
