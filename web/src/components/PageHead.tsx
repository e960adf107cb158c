import type { Coverage } from '@bartizan/api';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { formatMoment, readMoment } from '../format/time.ts';
import { useScene } from '../frame/scene-context.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Icon } from '../ui/Icon.tsx';
import { coverageNote, distinctGaps, gapPeriod, knownCoverages } from './coverage-words.ts';
import type { NamedCoverage } from './coverage-words.ts';
import { useNow } from './use-now.ts';
import { useTitle } from './use-title.ts';

interface Props {
  readonly title: string;
  /** What the answers on the page cover; those that are on their way are left out. */
  readonly coverages?: readonly NamedCoverage[];
  /** In place of the coverage, where the page has no observed data. */
  readonly note?: ReactNode;
  /** Other views of the same page. */
  readonly views?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page: its title, and under it what its numbers cover. */
export function PageHead({ title, coverages, note, views, actions }: Props): ReactNode {
  useTitle(title);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { zone } = useScene();
  const nowMs = useNow();
  const { tone, word, text } = coverageNote(coverages ?? [], { zone, nowMs });
  return (
    <>
      <div className="head">
        <h1>{title}</h1>
        {views}
        {note}
        {coverages && (
          <button
            type="button"
            className="cover"
            title={text}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={tone === 'warning' ? 'warn' : tone === 'fine' ? 'ok' : 'clock'} tone={tone} />
            <span>
              <b>{word}</b> {text}
            </span>
          </button>
        )}
        <span className="push" />
        {actions}
        <span className="wide">
          <CopyButton label="Copy link" icon="link" small={false} text={() => globalThis.location.href} />
        </span>
      </div>
      <div id={id} className="cover-more" hidden={!isOpen}>
        {isOpen && <CoverageDetails all={knownCoverages(coverages ?? []).map(({ coverage }) => coverage)} />}
      </div>
    </>
  );
}

function CoverageDetails({ all }: { readonly all: readonly Coverage[] }): ReactNode {
  const { zone } = useScene();
  const gaps = distinctGaps(all);
  const sources = new Map(all.flatMap((coverage) => coverage.sources.map(({ source, newest }) => [source, newest])));
  return (
    <>
      <dl className="facts">
        {[...sources].map(([source, newest]) => {
          const ms = readMoment(newest);
          return (
            <div key={source}>
              <dt>{source}</dt>
              <dd>{ms === null ? 'no record yet' : `newest record ${formatMoment(ms, zone)}`}</dd>
            </div>
          );
        })}
      </dl>
      {gaps.length === 0 ? (
        <p className="small second">No gap is known in this window.</p>
      ) : (
        <ul className="plain small">
          {gaps.map((gap) => (
            <li key={[gap.source, gap.reason, gap.from].join()}>
              <Icon name="warn" tone="warning" />
              <span>
                <b>{gap.source}</b>: {gap.reason} <span className="quiet">{gapPeriod(gap, zone)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
