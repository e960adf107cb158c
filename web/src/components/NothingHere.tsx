import type { Coverage } from '@bartizan/api';
import type { ReactNode } from 'react';
import { formatCount } from '../format/number.ts';
import { readMoment, formatSpan } from '../format/time.ts';
import { useScene, useSearchChange } from '../frame/scene-context.ts';
import { Blank } from '../ui/Blank.tsx';
import { Button } from '../ui/Button.tsx';

interface Props {
  /** What there is none of, in the singular. */
  readonly what: 'request' | 'flow';
  readonly isFiltered: boolean;
  /** How many there are without the filter; not known while that is being asked. */
  readonly without: number | null | undefined;
  readonly coverage: Coverage | undefined;
  readonly onClear: () => void;
  readonly children?: ReactNode;
}

/** Why there is nothing: no traffic, a filter that lets nothing through, or a source that could not be read. */
export function NothingHere({ what, isFiltered, without, coverage, onClear, children }: Props): ReactNode {
  const { zone } = useScene();
  const change = useSearchChange();
  const [fromMs, toMs] = [readMoment(coverage?.from), readMoment(coverage?.to)];
  const period = fromMs === null || toMs === null ? '' : `${formatSpan(fromMs, toMs, zone)}. `;
  const widen = (
    <Button
      label="Look at 7 days"
      icon="zoomout"
      small
      onPress={() => change({ range: '7d', from: undefined, to: undefined })}
    />
  );
  if (isFiltered && without !== 0)
    return (
      <Blank
        title={`No ${what} matches.`}
        icon="search"
        tone="quiet"
        actions={<Button label="Clear the filter" icon="x" small onPress={onClear} />}
      >
        <p>
          {without === null || without === undefined ? '' : `${formatCount(without)} without the filter. `}
          {children}
        </p>
      </Blank>
    );
  if (coverage && !coverage.complete)
    return (
      <Blank title={`No ${what} could be read.`} icon="warn" tone="warning">
        <p>{coverage.gaps.map(({ source, reason }) => `${source}: ${reason}`).join('; ')}</p>
      </Blank>
    );
  return (
    <Blank title="No traffic in this window." icon="ok" tone="fine" actions={widen}>
      <p>
        {period}Every source was read, and there was nothing. {children}
      </p>
    </Blank>
  );
}
