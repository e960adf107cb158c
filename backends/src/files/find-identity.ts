import type { LogFile } from '../transaction-store.ts';
import { readFingerprint } from './open-log.ts';
import type { Fingerprint } from './open-log.ts';

/**
 * Which known log a file is: the one that begins with the same bytes, whatever it is called now, compressed or copied. Null
 * where it has no whole line yet to be known by.
 */
export async function findIdentity(
  path: string,
  known: readonly LogFile[],
): Promise<{ readonly file: LogFile | null; readonly fingerprint: Fingerprint } | null> {
  const fingerprint = await readFingerprint(path);
  if (!fingerprint) return null;
  const prefixes = new Map<number, string | null>([[fingerprint.length, fingerprint.hash]]);
  for (const file of known) {
    if (file.fingerprintLength > fingerprint.length) continue;
    if (!prefixes.has(file.fingerprintLength))
      prefixes.set(file.fingerprintLength, (await readFingerprint(path, file.fingerprintLength))?.hash ?? null);
    if (prefixes.get(file.fingerprintLength) === file.fingerprint) return { file, fingerprint };
  }
  return { file: null, fingerprint };
}
