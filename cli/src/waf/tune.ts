import { detailOf, judgedOf, tune as tuneOf } from '@bartizan/waf';
import type { AccessLine, AuditRecord, ClientTotals, JudgedTransaction, TransactionSummary } from '@bartizan/waf';
import { UsageError, defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { logOptions, openLogs, repeatAccess, topOf } from './log-options.ts';
import { readLogs } from './read-logs.ts';
import { tuningText } from './tuning-text.ts';

const tuning = defineCommand({
  name: 'waf tune',
  summary:
    'What the firewall stops that may be ordinary traffic: the narrowest exclusions, and what they would let through',
  args: 'LOG… [--access LOG…]',
  positionals: { min: 1 },
  options: {
    ...logOptions,
    exclude: {
      type: 'string',
      multiple: true,
      value: 'KEY',
      describe: 'print the exclusion of this group, several together; and what they do together',
    },
    top: { type: 'string', value: 'N', describe: 'how many groups (default: 20)' },
    output: { type: 'string', short: 'o', value: 'json|text', default: 'text', describe: 'what to print' },
  },
  details: `
Requests that were judged an attack are put together by rule, variable and path (numbers, UUIDs and hashes in it count as alike).
For each group: what speaks for ordinary traffic and what for an attack, the narrowest exclusion for the Core Rule Set on
ModSecurity, and a replay of the log: which requests would then pass, and which of those show what attacks show. Nothing here is
called a false positive: whether it is one, you decide. With an access log the figures of the clients are complete.

  bartizan waf tune /var/log/modsec_audit.log --access /var/log/nginx/access.log
  bartizan waf tune audit.log --exclude 0f3a…  > exclusions-before-crs.conf

Exit codes: 0 done; 2 a log cannot be read, or there is no such group.`,
  async run({ values, positionals, io }) {
    const limit = topOf(values.top) ?? 20;
    if (values.output !== 'json' && values.output !== 'text')
      throw new UsageError(`--output is json or text, not "${values.output}"`);
    const logs = await openLogs({ values, positionals, io });
    const judged = createJudged({ hasAccess: logs.access.length > 0 });
    let malformed = 0;
    const zone = await readLogs({ ...logs, onTransaction: judged.add, onMalformed: () => (malformed += 1) });
    if (logs.timeZone === null) io.err(`Times without a zone were read as ${zone.name}; --time-zone says otherwise.\n`);
    if (malformed > 0) io.err(`${malformed} records could not be read; they are not part of this.\n`);
    const tuned = tuneOf({ ...judged.all(), limit, chosen: values.exclude ?? [] });
    const missing = tuned.chosen?.missing ?? [];
    if (missing.length > 0) throw new UsageError(`There is no group "${missing.join('", "')}" in these logs.`);
    await io.out(values.output === 'json' ? `${JSON.stringify(tuned, null, 2)}\n` : tuningText(tuned));
    return 0;
  },
});

export const tune: Command = { ...tuning, run: (args, io) => tuning.run(repeatAccess(args), io) };

const mostHeld = 100_000;

/** Holds the newest judged transactions and counts what each client sent. */
function createJudged({ hasAccess }: { readonly hasAccess: boolean }) {
  const clients = new Map<string, { requests: number; anomalous: number }>();
  let transactions: JudgedTransaction[] = [];
  let complete = true;
  let number = 0;
  return {
    add(
      summary: TransactionSummary,
      { line, record }: { readonly line: AccessLine | null; readonly record: AuditRecord | null },
    ): void {
      number += 1;
      const totals = clients.get(summary.client) ?? { requests: 0, anomalous: 0 };
      clients.set(summary.client, totals);
      totals.requests += 1;
      if (summary.class !== 'blocked' && summary.class !== 'detected') return;
      totals.anomalous += 1;
      const { timeMs, rules, categories, ...rest } = summary;
      const row = {
        ...rest,
        id: record?.id ?? `${number}`,
        time: new Date(timeMs).toISOString(),
        namespace: null,
        rules: [...rules],
        categories: [...categories],
      };
      const one = judgedOf(detailOf({ row, record, access: line, raw: { audit: null, access: null } }));
      if (one) transactions.push(one);
      if (transactions.length <= mostHeld * 1.1) return;
      transactions = transactions.slice(-mostHeld);
      complete = false;
    },
    all: () => ({
      transactions,
      complete,
      clients: new Map<string, ClientTotals>(
        [...clients].map(([client, { requests, anomalous }]) => [
          client,
          { requests: hasAccess ? requests : null, anomalous },
        ]),
      ),
    }),
  };
}
