import type { FlowReader, FlowWriter } from '@bartizan/backends';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';

/** The embedded flow history in a file of its own. */
export async function openHistory(file: string): Promise<FlowReader & FlowWriter> {
  const database = await openDatabase({ file });
  const store = await openFlowStore(database, { clock: () => new Date() });
  return { ...store, close: () => database.close() };
}
