import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compile, readManifests, validate } from '@bartizan/policy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgePolicies } from '../cli/src/policy/judged-policies.ts';
import { readQueries } from '../cli/src/policy/queries.ts';
import type { Io } from '../cli/src/command.ts';
import { builtProgram, missing } from './servers/installed.ts';

const oracle = builtProgram('cilium-oracle');
const oracleMissing = missing({ 'cilium-oracle': oracle });
const run = promisify(execFile);
const maxBuffer = 256 * 1024 * 1024;

/** Worlds that nobody has seen before, the same again with BARTIZAN_SEED. */
const seed = Number(process.env['BARTIZAN_SEED'] ?? randomInt(1_000_000_000));

interface Expected {
  readonly verdicts: readonly { readonly egress: string; readonly ingress: string; readonly verdict: string }[];
  readonly rejected?: readonly { readonly policy: string }[];
}

const silent: Io = {
  out: async () => {},
  err: () => {},
  stdin: process.stdin,
  env: {},
  signal: new AbortController().signal,
};

describe.skipIf(oracleMissing !== null)(`Cilium's own engine (${oracleMissing ?? `seed ${seed}`})`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-oracle-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['usual worlds', ['-count', '300', '-services', '-options']],
    ['worlds full of quirks', ['-count', '100', '-services', '-options', '-quirks']],
  ])('gives the same verdicts and refuses the same policies in %s', async (name, options) => {
    const out = join(folder, name.replaceAll(' ', '-'));
    await run(oracle ?? '', ['gen', '-out', out, '-seed', String(seed), ...options], { maxBuffer });
    const worlds = (await readdir(out)).map((world) => join(out, world));
    await run(
      oracle ?? '',
      ['evaluate', '-write', 'expected.json', ...worlds.map((world) => join(world, 'document.json'))],
      { maxBuffer },
    );
    for (const world of worlds) {
      const expected = JSON.parse(await readFile(join(world, 'expected.json'), 'utf8')) as Expected;
      const ours = await evaluateWorld(world);
      expect({ world, seed, verdicts: differences(ours.verdicts, expected.verdicts) }).toEqual({
        world,
        seed,
        verdicts: [],
      });
      expect({ world, seed, rejected: ours.rejected }).toEqual({
        world,
        seed,
        rejected: (expected.rejected ?? []).map(({ policy }) => policy).sort(),
      });
    }
  });

  test('accepts and refuses the same manifests, where the API server would store them at all', async () => {
    const out = join(folder, 'manifests');
    const options = ['-seed', String(seed + 1), '-count', '100', '-invalid', '0.5'];
    await run(oracle ?? '', ['gen', '-out', out, ...options], { maxBuffer });
    const folders = (await readdir(out)).map((world) => join(out, world, 'policies'));
    const { stdout } = await run(oracle ?? '', ['validate', ...folders], { maxBuffer });
    const { objects } = JSON.parse(stdout) as Judged;
    const judged = new Map(objects.map(({ file, object, accepted }) => [`${file} ${object}`, accepted]));
    const wrong: unknown[] = [];
    for (const file of new Set(objects.map((each) => each.file))) {
      for (const manifest of readManifests(await readFile(file, 'utf8')).manifests) {
        const refusals = validate(manifest).filter(({ severity }) => severity === 'error');
        if (refusals.some(({ refusedBy }) => refusedBy === 'api-server')) continue;
        const object = [manifest.kind, manifest.namespace, manifest.name].filter((part) => part !== '').join('/');
        const accepted = judged.get(`${file} ${object}`);
        if (accepted !== (refusals.length === 0)) wrong.push({ seed, file, object, accepted, refusals });
      }
    }
    expect(objects.filter(({ accepted }) => !accepted).length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });
});

interface Judged {
  readonly objects: readonly { readonly file: string; readonly object: string; readonly accepted: boolean }[];
}

async function evaluateWorld(world: string): Promise<{ verdicts: Expected['verdicts']; rejected: readonly string[] }> {
  const document = await readQueries(join(world, 'document.json'), silent);
  const { policies, rejected, inventory } = await judgePolicies([join(world, 'policies')], document.options, silent);
  const engine = compile(
    policies,
    { cluster: document.cluster, endpoints: document.endpoints, ...inventory },
    document.options,
  );
  return {
    verdicts: document.queries.map((query) => engine.verdict(query)),
    rejected: rejected.map(({ policy }) => policy).sort(),
  };
}

function differences(ours: Expected['verdicts'], theirs: Expected['verdicts']): unknown[] {
  return theirs.flatMap((their, index) => {
    const our = ours[index];
    const isSame = our?.egress === their.egress && our.ingress === their.ingress && our.verdict === their.verdict;
    return isSame ? [] : [{ index, our, their }];
  });
}
