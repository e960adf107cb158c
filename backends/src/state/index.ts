import Database from 'libsql';
import { z } from 'zod';
import { SourceError } from '../source-error.ts';
import type { PendingChange, Revision, RevisionHead, StateStore } from '../state-store.ts';
import { migrations } from './schema.ts';

const headColumns = {
  cluster: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  revision: z.number(),
  at_ms: z.number(),
  by: z.string(),
  action: z.enum(['create', 'update', 'delete', 'restore', 'observed']),
  note: z.string().nullable(),
};

const RevisionRow = z
  .object({ ...headColumns, before: z.string().nullable(), after: z.string().nullable() })
  .transform(({ at_ms: atMs, ...rest }): Revision => ({ ...rest, atMs }));

const RevisionHeadRow = z
  .object({ ...headColumns, is_gone: z.number() })
  .transform(({ at_ms: atMs, is_gone: isGone, ...rest }): RevisionHead => ({ ...rest, atMs, isGone: isGone === 1 }));

const PendingRow = z
  .object({
    id: z.string(),
    cluster: z.string(),
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
    revert_at_ms: z.number(),
    by: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
    made_at_ms: z.number(),
  })
  .transform(({ revert_at_ms: revertAtMs, made_at_ms: madeAtMs, ...rest }): PendingChange => ({
    ...rest,
    madeAtMs,
    revertAtMs,
  }));

/** State in one SQLite file; `:memory:` keeps nothing. */
export function openState({ file }: { readonly file: string }): StateStore {
  const database = open(file);
  const insert = database.prepare(
    `INSERT INTO revisions SELECT ?, ?, ?, ?, coalesce(max(revision), 0) + 1, ?, ?, ?, ?, ?, ? FROM revisions
     WHERE cluster = ? AND kind = ? AND namespace = ? AND name = ? RETURNING *`,
  );
  const select = database.prepare(
    'SELECT * FROM revisions WHERE cluster = ? AND kind = ? AND namespace = ? AND name = ? ORDER BY revision DESC',
  );
  const selectBefore = database.prepare(
    `SELECT * FROM revisions WHERE cluster = ?1 AND at_ms <= ?2 AND revision = (
       SELECT max(newer.revision) FROM revisions AS newer
       WHERE newer.cluster = revisions.cluster AND newer.kind = revisions.kind AND newer.namespace = revisions.namespace
         AND newer.name = revisions.name AND newer.at_ms <= ?2)`,
  );
  const selectLatest = database.prepare(
    `SELECT cluster, kind, namespace, name, max(revision) AS revision, at_ms, by, action, note, after IS NULL AS is_gone
     FROM revisions WHERE cluster = ? GROUP BY kind, namespace, name ORDER BY at_ms DESC`,
  );
  const addPending = database.prepare('INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const selectPending = database.prepare('SELECT * FROM pending ORDER BY revert_at_ms');
  const endPending = database.prepare('DELETE FROM pending WHERE id = ?');
  const read = database.prepare('SELECT value FROM settings WHERE key = ?');
  const write = database.prepare(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const add = ({ cluster, kind, namespace, name, ...rest }: Omit<Revision, 'revision'>): Revision => {
    const key = [cluster, kind, namespace, name];
    const { atMs, by, action, note, before, after } = rest;
    return RevisionRow.parse(insert.get(...key, atMs, by, action, note, before, after, ...key));
  };
  return {
    addRevision: async (revision) => add(revision),
    async addRevisions(revisions) {
      database.transaction(() => revisions.map(add))();
    },
    revisions: async ({ cluster, kind, namespace, name }) =>
      select.all(cluster, kind, namespace, name).map((row) => RevisionRow.parse(row)),
    revisionsBefore: async ({ cluster, atMs }) => selectBefore.all(cluster, atMs).map((row) => RevisionRow.parse(row)),
    latestRevisions: async (cluster) => selectLatest.all(cluster).map((row) => RevisionHeadRow.parse(row)),
    async addPending({ id, cluster, kind, namespace, name, madeAtMs, revertAtMs, by, before, after }) {
      addPending.run(id, cluster, kind, namespace, name, revertAtMs, by, before, after, madeAtMs);
    },
    pending: async () => selectPending.all().map((row) => PendingRow.parse(row)),
    endPending: async (id) => endPending.run(id).changes === 1,
    async readSetting(key) {
      const row = z.object({ value: z.string() }).safeParse(read.get(key));
      return row.success ? row.data.value : null;
    },
    async writeSetting(key, value) {
      write.run(key, value);
    },
    async close() {
      database.close();
    },
  };
}

function open(file: string): Database.Database {
  try {
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.pragma('busy_timeout = 5000');
    migrate(database);
    return database;
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SourceError({ code: 'refused', source: 'state', attempted: `open ${file}`, reason, cause });
  }
}

function migrate(database: Database.Database): void {
  const [row] = z.array(z.object({ user_version: z.number() })).parse(database.prepare('PRAGMA user_version').all());
  const version = row?.user_version ?? 0;
  if (version > migrations.length)
    throw new SourceError({
      code: 'refused',
      source: 'state',
      attempted: 'use the state file',
      reason: `a newer version of the console wrote it (format ${version}, this one knows ${migrations.length})`,
    });
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
