/** Each entry brings a file from the version before to its own, counted from 1 (`PRAGMA user_version`). Never change one that was released. */
export const migrations: readonly string[] = [
  `CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE revisions (
     cluster TEXT NOT NULL,
     kind TEXT NOT NULL,
     namespace TEXT NOT NULL,
     name TEXT NOT NULL,
     revision INTEGER NOT NULL,
     at_ms INTEGER NOT NULL,
     by TEXT NOT NULL,
     action TEXT NOT NULL,
     note TEXT,
     before TEXT,
     after TEXT,
     PRIMARY KEY (cluster, kind, namespace, name, revision)
   ) STRICT;`,
  `CREATE TABLE pending (
     id TEXT PRIMARY KEY,
     cluster TEXT NOT NULL,
     kind TEXT NOT NULL,
     namespace TEXT NOT NULL,
     name TEXT NOT NULL,
     revert_at_ms INTEGER NOT NULL,
     by TEXT NOT NULL,
     before TEXT,
     after TEXT
   ) STRICT;`,
  `ALTER TABLE pending ADD COLUMN made_at_ms INTEGER NOT NULL DEFAULT 0;`,
];
