import type { MouseEvent, ReactNode } from 'react';
import { cutMiddle } from '../format/middle.ts';
import { formatCount } from '../format/number.ts';
import { formatPercent, shareOf } from '../format/share.ts';
import { Bone } from '../ui/Bone.tsx';

export type BarMark = 'blocked' | 'detected' | 'anomalous' | 'nominal' | 'dropped' | 'forwarded';

export interface RankedRow {
  readonly value: string;
  /** What a person reads where the value is an id. */
  readonly label?: string | undefined;
  readonly count: number;
}

interface Props {
  readonly title: string;
  /** What is counted, above the numbers. */
  readonly unit: string;
  /** Undefined while they are on their way. */
  readonly rows: readonly RankedRow[] | undefined;
  /** What a share is of; not known, no share. */
  readonly whole: number | null | undefined;
  readonly mark: BarMark;
  /** What the filter keeps. */
  readonly kept: ReadonlySet<string>;
  readonly onPick: (value: string, how: 'keep' | 'leave-out') => void;
  readonly most?: number;
  /** Values in a machine's writing: addresses, paths, ids. */
  readonly isCode?: boolean;
  readonly show?: (row: RankedRow) => ReactNode;
  /** What the rest is called, where every record has exactly one value: `Other clients`. */
  readonly others?: string;
  readonly empty: string;
}

/** The most frequent values of one dimension. A click keeps one, Alt and a click leave it out. */
export function RankedList(props: Props): ReactNode {
  const { title, unit, rows, whole, most = 8, others, empty } = props;
  const shown = rows?.slice(0, most);
  const rest = restOf(rows, whole, most);
  return (
    <section aria-label={title} className="rank-block">
      <div className="rank-head">
        <h3>{title}</h3>
        <span>{unit}</span>
        <span>%</span>
      </div>
      {!shown && <RankBones rows={Math.min(most, 5)} />}
      {shown?.length === 0 && <p className="small quiet">{whole === null ? 'Not known in this window.' : empty}</p>}
      <ol className="rank">
        {shown?.map((row) => (
          <Row key={row.value} row={row} {...props} />
        ))}
        {others !== undefined && rest !== null && rest > 0 && (
          <li className="others">
            <span className="v">{others}</span>
            <Numbers count={rest} whole={whole} mark={props.mark} />
          </li>
        )}
      </ol>
    </section>
  );
}

function restOf(rows: Props['rows'], whole: Props['whole'], most: number): number | null {
  if (!rows || whole === null || whole === undefined) return null;
  return whole - rows.slice(0, most).reduce((sum, { count }) => sum + count, 0);
}

function Row({ row, ...props }: Props & { readonly row: RankedRow }): ReactNode {
  const { title, whole, mark, kept, onPick, isCode, show } = props;
  const name = row.value === '' ? '(empty)' : row.value;
  const isKept = kept.has(row.value);
  const pick = (event: MouseEvent) => onPick(row.value, event.altKey ? 'leave-out' : 'keep');
  return (
    <li>
      <button
        type="button"
        className={isKept ? 'on' : undefined}
        aria-pressed={isKept}
        title={`${name}\nClick to keep only this, Alt-click to leave it out`}
        onClick={pick}
      >
        <span className="sr">{title}: </span>
        <span className="v">{show ? show(row) : <Value name={name} label={row.label} isCode={isCode === true} />}</span>
        <Numbers count={row.count} whole={whole} mark={mark} />
      </button>
    </li>
  );
}

function Value({
  name,
  label,
  isCode,
}: {
  readonly name: string;
  readonly label: string | undefined;
  readonly isCode: boolean;
}): ReactNode {
  if (!isCode) return <span>{label ?? name}</span>;
  return (
    <>
      <code>{cutMiddle(name, 44)}</code> {label && <small>{label}</small>}
    </>
  );
}

function Numbers({
  count,
  whole,
  mark,
}: {
  readonly count: number;
  readonly whole: Props['whole'];
  readonly mark: BarMark;
}): ReactNode {
  const share = shareOf(count, whole);
  return (
    <>
      <span className="c">{formatCount(count)}</span>
      <span className="s">{formatPercent(share)}</span>
      <span className="bar" aria-hidden="true">
        <i className={`bar-${mark}`} style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
      </span>
    </>
  );
}

function RankBones({ rows }: { readonly rows: number }): ReactNode {
  return (
    <div className="rank-bones" aria-busy="true">
      {Array.from({ length: rows }, (_, at) => (
        <Bone key={at} width={`${85 - at * 12}%`} />
      ))}
    </div>
  );
}
