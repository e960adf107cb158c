import type { WafReport } from './report-counts.ts';

const titles = {
  category: 'Category',
  rule: 'Rule',
  client: 'Client',
  path: 'Path',
  host: 'Host',
  method: 'Method',
  status: 'Status',
} as const;

/** The report for people. */
export function reportText(report: WafReport): string {
  const share = report.anomalousShare;
  const figures: [string, string][] = [
    ['Requests', report.total === null ? 'unknown (no access log)' : count(report.total)],
    ['Anomalous', `${count(report.anomalous)}${share === null ? '' : ` (${percent(share)})`}`],
    ['  blocked', count(report.blocked)],
    ['  detected, not stopped', count(report.detected)],
    ['Matched below the threshold', count(report.matched)],
    ['Audit records', count(report.records)],
    ['Lines that could not be read', count(report.malformed)],
  ];
  const lists = (['category', 'rule', 'client', 'path', 'host', 'method', 'status'] as const).map((name) => {
    const rows = report.by[name].slice(0, 20);
    const more = report.by[name].length - rows.length;
    const lines = rows.map(({ value, count: all, anomalous }) => [plain(value), count(anomalous), count(all)]);
    const rest = more > 0 ? `  and ${count(more)} more\n` : '';
    return `\n${table([[titles[name], 'anomalous', 'all'], ...lines])}${rest}`;
  });
  return `${table(figures)}${lists.join('')}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Never 0 when it is not, never 100 when it is less. */
function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share >= 0.9995) return '> 99.9 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** Log content cannot command the terminal. */
function plain(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return short.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
