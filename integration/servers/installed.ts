import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bartizan', 'servers');

/** Where `npm run servers` put a program; the newest build of it. Null where it is missing. */
export function builtProgram(name: string): string | null {
  if (!existsSync(cache)) return null;
  const version = new RegExp(`^${name}-v[0-9][^-]*(-[0-9a-f]{8})?$`);
  const found = readdirSync(cache)
    .filter((file) => version.test(file))
    .toSorted();
  const last = found.at(-1);
  return last === undefined ? null : join(cache, last);
}

/** A program of the machine; Debian keeps servers in /usr/sbin, which is not on everybody's path. */
export function installedProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** One sentence where something is missing, null where everything is there: what `describe.skipIf` prints and asks. */
export function missing(needed: Readonly<Record<string, string | null>>): string | null {
  const absent = Object.entries(needed).flatMap(([name, file]) => (file === null ? [name] : []));
  return absent.length === 0 ? null : `not installed: ${absent.join(', ')}; npm run servers installs them`;
}
