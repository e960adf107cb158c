import type { WafReport } from './report-counts.ts';
import { count, plain, table } from './text.ts';

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

/** Never 0 when it is not, never 100 when it is less. */
function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share >= 0.9995) return '> 99.9 %';
  return `${(share * 100).toFixed(1)} %`;
}
