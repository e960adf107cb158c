import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compile, isPolicy, lowerPolicy, printManifest, readManifests, smallestFix } from '@bartizan/policy';
import type { Engine, Fix, JsonObject, Manifest, Policy } from '@bartizan/policy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../cli/src/command.ts';
import { judgePolicies } from '../cli/src/policy/judged-policies.ts';
import { readQueries } from '../cli/src/policy/queries.ts';
import { builtProgram, missing } from './servers/installed.ts';

const oracle = builtProgram('cilium-oracle');
const oracleMissing = missing({ 'cilium-oracle': oracle });
const run = promisify(execFile);
const maxBuffer = 256 * 1024 * 1024;

/** Worlds that nobody has seen before, the same again with BARTIZAN_SEED. */
const seed = Number(process.env['BARTIZAN_SEED'] ?? randomInt(1_000_000_000));
const directions = ['egress', 'ingress'] as const;
type Direction = (typeof directions)[number];

interface Answer {
  readonly egress: string;
  readonly ingress: string;
  readonly verdict: string;
  readonly decidedBy?: readonly { readonly policy: string; readonly direction: Direction }[];
}

const silent: Io = {
  out: async () => {},
  err: () => {},
  stdin: process.stdin,
  env: {},
  signal: new AbortController().signal,
};

describe.skipIf(oracleMissing !== null)(`why, beside Cilium's own engine (${oracleMissing ?? `seed ${seed}`})`, () => {
  let folder: string;
  let worlds: readonly World[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-why-'));
    const options = ['-count', '40', '-services', '-options'];
    await run(oracle ?? '', ['gen', '-out', folder, '-seed', String(seed), ...options], { maxBuffer });
    worlds = await Promise.all((await readdir(folder)).map((name) => openWorld(join(folder, name))));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('says the same of both sides, and names every policy that Cilium blames', async () => {
    const answers = await ask(
      worlds.map(({ path }) => join(path, 'document.json')),
      ['-explain'],
    );
    const wrong = worlds.flatMap(({ path, queries, engine }, place) =>
      queries.flatMap((query, at) => {
        const their = answers[place]?.[at];
        const ours = engine.explain(query);
        const isSame = directions.every(
          (side) => ours[side] === their?.[side] && ours.sides[side].verdict === their[side],
        );
        const unnamed = (their?.decidedBy ?? []).filter(
          ({ policy, direction }) =>
            !policy.startsWith('[reserved') &&
            !ours.decidedBy.some((each) => each.policy === policy && each.direction === direction),
        );
        return isSame && unnamed.length === 0 ? [] : [{ seed, path, query, their, decidedBy: ours.decidedBy }];
      }),
    );
    expect(wrong).toEqual([]);
    expect(answers.flat().filter(({ decidedBy = [] }) => decidedBy.length > 0).length).toBeGreaterThan(1000);
  });

  test('proposes a change after which Cilium lets the connection through, and nothing that its words do not name', async () => {
    const proposals = worlds.flatMap((world, place) => {
      const denied = world.queries.filter((query) => world.engine.verdict(query).verdict === 'denied');
      const flow = denied[place % Math.max(1, denied.length)];
      const fix = flow && smallestFix({ engine: world.engine, flow, manifests: world.manifests });
      return flow && fix?.ok
        ? [{ world, flow, steps: fix.steps, asked: [flow, ...pairs(world, flow), ...world.queries] }]
        : [];
    });
    const documents = await Promise.all(
      proposals.map(({ world, steps, asked }) => writeDocuments(world, steps, asked)),
    );
    const answers = await ask(documents.flat(), []);
    const wrong = proposals.flatMap(({ world, flow, steps, asked }, place) => {
      const [before = [], after = []] = [answers[2 * place], answers[2 * place + 1]];
      const alone = steps.map(({ direction, adds }) => ({ direction, engine: world.engineOf([lowered(adds)]) }));
      const isNodeNamed = steps.some(({ words }) => words.includes('The node that the pod runs on'));
      const isNamed = (query: World['queries'][number], side: Direction): boolean =>
        (isNodeNamed &&
          side === 'ingress' &&
          world.document.endpoints.some(({ id, entity }) => id === query.from && entity === 'host')) ||
        alone.some((each) => each.direction === side && each.engine.explain(query).sides[side].reason === 'allow');
      const unnamed = asked.filter((query, at) =>
        directions.some(
          (side) =>
            before[at]?.[side] !== after[at]?.[side] && !(after[at]?.[side] === 'allowed' && isNamed(query, side)),
        ),
      );
      const isOpen = before[0]?.verdict === 'denied' && after[0]?.verdict === 'allowed';
      return isOpen && unnamed.length === 0 ? [] : [{ seed, path: world.path, flow, unnamed, steps }];
    });
    expect(wrong).toEqual([]);
    expect(proposals.length).toBeGreaterThan(15);
  });
});

interface World {
  readonly path: string;
  readonly document: Awaited<ReturnType<typeof readQueries>>;
  readonly queries: readonly {
    readonly from: string;
    readonly to: string;
    readonly port: number | string;
    readonly protocol: string;
  }[];
  readonly engine: Engine;
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Everything of the world that is no policy. */
  readonly others: readonly JsonObject[];
  engineOf(policies: readonly Policy[]): Engine;
}

async function openWorld(path: string): Promise<World> {
  const document = await readQueries(join(path, 'document.json'), silent);
  const { policies, inventory } = await judgePolicies([join(path, 'policies')], document.options, silent);
  const files = await readdir(join(path, 'policies'));
  const texts = await Promise.all(files.map((file) => readFile(join(path, 'policies', file), 'utf8')));
  const all = texts.flatMap((text) => readManifests(text).manifests);
  const inForce = new Set(policies.map(({ ref }) => ref));
  const manifests = all.filter(isPolicy).flatMap((manifest) => {
    const policy = lowerPolicy(manifest.object);
    const [alone] = readManifests(printManifest(manifest.object)).manifests;
    return policy.ok && alone && inForce.has(policy.value.ref) ? [[policy.value.ref, alone] as const] : [];
  });
  const engineOf = (own: readonly Policy[]): Engine =>
    compile(own, { cluster: document.cluster, endpoints: document.endpoints, ...inventory }, document.options);
  return {
    path,
    document,
    queries: document.queries as World['queries'],
    engine: engineOf(policies),
    manifests: new Map(manifests),
    others: all.filter((manifest) => !isPolicy(manifest)).map(({ object }) => object),
    engineOf,
  };
}

function lowered(object: unknown): Policy {
  const result = lowerPolicy(object);
  if (!result.ok) throw new Error('a proposed policy cannot be read');
  return result.value;
}

/** Every pair of ends on the port of a connection. */
function pairs({ document }: World, flow: World['queries'][number]): World['queries'] {
  const ids = document.endpoints.map(({ id }) => id);
  return ids.flatMap((from) => ids.map((to) => ({ ...flow, from, to })));
}

/** The same questions before and after the change, as documents of the oracle. */
async function writeDocuments(world: World, steps: readonly Fix[], queries: World['queries']): Promise<string[]> {
  const changed = new Map(steps.map(({ policy, text }) => [policy, text]));
  const before = [...world.manifests].map(([ref, { text }]) => [ref, text] as const);
  const after = new Map([...before, ...changed]);
  return Promise.all(
    [new Map(before), after].map(async (texts, place) => {
      const folder = join(world.path, place === 0 ? 'before' : 'after');
      await mkdir(join(folder, 'policies'), { recursive: true });
      const all = [...world.others.map((object) => printManifest(object)), ...texts.values()];
      await writeFile(join(folder, 'policies', 'all.yaml'), all.join('---\n'));
      const { cluster, endpoints, options } = world.document;
      const file = join(folder, 'document.json');
      await writeFile(file, JSON.stringify({ cluster, policies: 'policies', endpoints, options, queries }));
      return file;
    }),
  );
}

async function ask(documents: readonly string[], options: readonly string[]): Promise<readonly (readonly Answer[])[]> {
  await run(oracle ?? '', ['evaluate', ...options, '-write', 'expected.json', ...documents], { maxBuffer });
  return Promise.all(
    documents.map(async (file) => {
      const text = await readFile(join(file, '..', 'expected.json'), 'utf8');
      return (JSON.parse(text) as { readonly verdicts: readonly Answer[] }).verdicts;
    }),
  );
}
