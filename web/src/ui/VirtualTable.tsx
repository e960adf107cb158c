import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useLayoutEffect, useRef, useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { Icon } from './Icon.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** In pixels; a column without takes what is left. */
  readonly width?: number;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
  readonly className?: string;
  readonly canSort?: boolean;
}

interface Props<Row> {
  /** What the rows are. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly selectedKey?: string | undefined;
  readonly onOpen?: (row: Row) => void;
  readonly sort?: { readonly key: string; readonly direction: 'ascending' | 'descending' };
  readonly onSort?: (key: string) => void;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly className?: string;
  /** Called when the last rows come into sight. */
  readonly onEnd?: (() => void) | undefined;
}

const rowHeight = 32;
const cardHeight = 72;

/** A table of any length: only the rows in sight are in the document. On a phone each row is a card. */
export function VirtualTable<Row>(props: Props<Row>): ReactNode {
  const { label, columns, rows, keyOf, selectedKey, onOpen, rowClass, className, onEnd } = props;
  const table = useRef<HTMLTableElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const isNarrow = useIsNarrow();
  useLayoutEffect(() => setScrollMargin(topOf(table.current)), [rows.length]);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isNarrow ? cardHeight : rowHeight),
    overscan: 16,
    scrollMargin,
    getItemKey: (at) => keyOf(rows[at] as Row),
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  const before = first ? first.start - scrollMargin : 0;
  const after = last ? virtual.getTotalSize() - (last.end - scrollMargin) : 0;
  const lastIndex = last?.index ?? 0;
  useLayoutEffect(() => {
    if (onEnd && rows.length > 0 && lastIndex >= rows.length - 10) onEnd();
  }, [lastIndex, rows.length, onEnd]);
  return (
    <div className="table-wrap">
      <table className={`tbl fixed cards ${className ?? ''}`} ref={table} aria-rowcount={rows.length + 1}>
        <caption className="sr">{label}</caption>
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <Head {...props} />
        <tbody>
          <Spacer height={before} />
          {items.map(({ index, key }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <TableRow
                  key={key}
                  row={row}
                  index={index}
                  columns={columns}
                  className={rowClass?.(row)}
                  isSelected={selectedKey === undefined ? undefined : keyOf(row) === selectedKey}
                  onOpen={onOpen}
                  measure={virtual.measureElement}
                />
              )
            );
          })}
          <Spacer height={after} />
        </tbody>
      </table>
    </div>
  );
}

interface RowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  readonly className: string | undefined;
  readonly isSelected: boolean | undefined;
  readonly onOpen: ((row: Row) => void) | undefined;
  readonly measure: (element: HTMLTableRowElement | null) => void;
}

function PlainRow<Row>({ row, index, columns, className, isSelected, onOpen, measure }: RowProps<Row>): ReactNode {
  const open = (event: MouseEvent) => {
    const isOwn = event.target instanceof Element && event.target.closest('a, button');
    if (!isOwn && !globalThis.getSelection()?.toString()) onOpen?.(row);
  };
  return (
    <tr
      ref={measure}
      data-index={index}
      data-row
      className={className}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      onClick={open}
    >
      {columns.map(({ key, label, isNumber, className: cellClass, cell }) => (
        <td key={key} data-label={label} className={[isNumber && 'num', cellClass].filter(Boolean).join(' ')}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** While the table is scrolled only the rows that come into sight are drawn. */
const TableRow = memo(PlainRow) as typeof PlainRow;

function Head<Row>({ columns, sort, onSort }: Props<Row>): ReactNode {
  return (
    <thead>
      <tr>
        {columns.map(({ key, label, isNumber, canSort }) => {
          const isSorted = sort?.key === key;
          return (
            <th
              key={key}
              scope="col"
              className={isNumber ? 'num' : undefined}
              aria-sort={isSorted ? sort.direction : undefined}
            >
              {canSort ? (
                <button type="button" onClick={() => onSort?.(key)}>
                  {label}
                  {isSorted && <Icon name={sort.direction === 'ascending' ? 'up' : 'down'} />}
                </button>
              ) : (
                label
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Spacer({ height }: { readonly height: number }): ReactNode {
  return height > 0 && <tr className="spacer" aria-hidden="true" style={{ height }} />;
}

function topOf(element: HTMLElement | null): number {
  return element ? element.getBoundingClientRect().top + globalThis.scrollY : 0;
}

const narrow = '(max-width: 720px)';

function useIsNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => globalThis.matchMedia(narrow).matches);
  useLayoutEffect(() => {
    const query = globalThis.matchMedia(narrow);
    const listen = () => setNarrow(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return isNarrow;
}
