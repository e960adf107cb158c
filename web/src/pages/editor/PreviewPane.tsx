import { memo, useId } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Words } from '../../components/Words.tsx';
import type { Reading } from '../../editor/thoughts.ts';
import type { DraftPreview } from '../../queries/use-preview.ts';
import { previewTabs } from '../../search.ts';
import type { PreviewTab } from '../../search.ts';
import { Code } from '../../ui/Code.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';
import { Note } from '../../ui/Note.tsx';
import { DiffView } from './DiffView.tsx';
import { EffectView } from './EffectView.tsx';
import { ProblemsView } from './ProblemsView.tsx';

const titles: Readonly<Record<PreviewTab, string>> = {
  words: 'In words',
  yaml: 'YAML',
  diff: 'Diff',
  effect: 'Effect',
  problems: 'Problems',
};

interface Props {
  readonly tab: PreviewTab;
  readonly onTab: (tab: PreviewTab) => void;
  readonly reading: Reading;
  /** What the cluster has; null for a new policy. */
  readonly base: string | null;
  readonly version: string | null;
  readonly preview: DraftPreview;
  /** Shown while the worker or the server has not answered for the newest text. */
  readonly isBehind: boolean;
  readonly onJump: (line: number) => void;
}

/** What the text says, changes and would do; live while it is typed. */
export function PreviewPane(props: Props): ReactNode {
  const { tab, onTab, reading, base, version, preview, isBehind, onJump } = props;
  const id = useId();
  const counts: Partial<Record<PreviewTab, number>> = { problems: reading.problems.length };
  const hasErrors = reading.problems.some(({ severity }) => severity === 'error');
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = previewTabs[(previewTabs.indexOf(tab) + step + previewTabs.length) % previewTabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    onTab(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <section className="right" aria-label="Preview">
      <h2 className="sr">Preview</h2>
      <div className="tabs">
        <div role="tablist" aria-label="Preview">
          {previewTabs.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`${id}-${one}`}
              aria-selected={one === tab}
              aria-controls={`${id}-panel`}
              tabIndex={one === tab ? 0 : -1}
              onClick={() => onTab(one)}
              onKeyDown={onKeyDown}
            >
              {titles[one]}
              {counts[one] ? <span className={hasErrors ? 'n danger' : 'n'}>{counts[one]}</span> : null}
            </button>
          ))}
        </div>
        <span className="push" />
        <span className="small quiet" aria-live="off">
          {isBehind ? 'working …' : 'live'}
        </span>
      </div>
      <div className="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        {tab === 'words' && <InWords reading={reading} />}
        {tab === 'yaml' && <Draft text={reading.text} />}
        {tab === 'diff' && <DiffView base={base} draft={reading.text} version={version} />}
        {tab === 'effect' && <EffectView preview={preview} hasErrors={hasErrors} />}
        {tab === 'problems' && <ProblemsView problems={reading.problems} preview={preview} onJump={onJump} />}
      </div>
    </section>
  );
}

const InWords = memo(function InWords({ reading }: { readonly reading: Reading }): ReactNode {
  const error = reading.problems.find(({ severity }) => severity === 'error');
  if (reading.words)
    return (
      <div className="notes">
        {error && (
          <Note tone="danger" title="As it is, it would have no effect.">
            <InlineCode text={error.message} />
          </Note>
        )}
        <Words words={reading.words} />
      </div>
    );
  return (
    <p className="second">
      <InlineCode text={reading.problems[0]?.message ?? 'There is nothing to describe.'} />
    </p>
  );
});

const Draft = memo(function Draft({ text }: { readonly text: string }): ReactNode {
  return <Code label="YAML of the draft" text={text} language="yaml" hasLines wraps />;
});
