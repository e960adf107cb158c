import type { SourceStatus } from '@bartizan/api';
import { parseDuration } from '@bartizan/api';
import type { TransactionStore } from '@bartizan/backends/duckdb';
import type { Config } from '../config/config.ts';

const everyMs = 60_000;

/** Deletes, now and then, what is older or more than the configuration keeps, and counts the days that are over. */
export function keepTransactions(options: {
  readonly store: Pick<TransactionStore, 'prune' | 'count' | 'kept'>;
  readonly retention: Pick<Config['retention'], 'transactions' | 'transactionsSize'>;
  readonly clock: () => Date;
}): { stored(): SourceStatus['stored']; close(): Promise<void> } {
  const { store, retention, clock } = options;
  const { transactions: age, transactionsSize: size } = retention;
  const limits = {
    keepMs: parseDuration(age) ?? undefined,
    mostBytes: Number.parseInt(size, 10) * (size.endsWith('GB') ? 1e9 : 1e6),
    words: `they are kept for ${age}, ${size} at most (retention)`,
  };
  let last: Promise<void> = Promise.resolve();
  const look = (): void => {
    // What fails now is done the next time.
    last = last
      .then(() => store.prune(limits, clock().getTime()))
      .then(() => store.count(clock().getTime()))
      .catch(() => undefined);
  };
  look();
  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    stored() {
      const { bytes, deletedBeforeMs } = store.kept();
      const deletedBefore = deletedBeforeMs === null ? null : new Date(deletedBeforeMs).toISOString();
      return { bytes, deletedBefore, limits: { age, size } };
    },
    async close() {
      clearInterval(timer);
      await last;
    },
  };
}
