import { randomBytes } from 'node:crypto';
import type { StateStore } from '@bartizan/backends';
import { hashToken } from '@bartizan/server';
import type { SignIn } from '@bartizan/server';
import type { Exposure } from '../config/exposure.ts';

const key = 'access-token-sha256';

/** The way to sign in, and the token itself the one time that it is made: only its hash is kept. */
export async function prepareSignIn(
  state: StateStore,
  exposure: Exposure,
): Promise<{ signIn: SignIn; newToken: string | null }> {
  if (!exposure.needsSignIn) return { signIn: { kind: 'open' }, newToken: null };
  const { secureCookie } = exposure;
  const kept = await state.readSetting(key);
  if (kept !== null) return { signIn: { kind: 'token', hash: kept, secureCookie }, newToken: null };
  const newToken = randomBytes(32).toString('base64url');
  const hash = hashToken(newToken);
  await state.writeSetting(key, hash);
  return { signIn: { kind: 'token', hash, secureCookie }, newToken };
}
