import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refuserOf } from '../policy/fuzz/compare.ts';
import type { Refuser } from '../policy/fuzz/compare.ts';
import { generateObject } from '../policy/fuzz/generate.ts';
import { builtProgram, missing } from './servers/installed.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';

const oracle = builtProgram('cilium-oracle');
const lacking = kubernetesMissing ?? missing({ 'cilium-oracle': oracle });
const run = promisify(execFile);

/** Manifests that nobody has seen before, the same again with BARTIZAN_SEED. */
const seed = Number(process.env['BARTIZAN_SEED'] ?? randomInt(1_000_000_000));
const count = 2000;
const atOnce = 8;

const collections: Readonly<Record<string, string>> = {
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies',
  CiliumNetworkPolicy: '/apis/cilium.io/v2/namespaces/NS/ciliumnetworkpolicies',
  CiliumClusterwideNetworkPolicy: '/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies',
  CiliumCIDRGroup: '/apis/cilium.io/v2/ciliumcidrgroups',
};

type Generated = ReturnType<typeof generateObject>;

describe.skipIf(lacking !== null)(`a real API server and Cilium's parser (${lacking ?? `seed ${seed}`})`, () => {
  let folder: string;
  let kubernetes: KubernetesServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-validation-'));
    kubernetes = await startKubernetes();
    await kubernetes.installCilium();
    for (const name of ['ns-0', 'shop']) await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name } });
  });

  afterAll(async () => {
    await kubernetes?.stop();
    await rm(folder, { recursive: true });
  });

  async function isStored(object: Generated): Promise<boolean> {
    const metadata = object['metadata'] as { readonly namespace?: unknown } | undefined;
    const namespace =
      typeof metadata?.namespace === 'string' && metadata.namespace !== '' ? metadata.namespace : 'default';
    const collection = collections[String(object['kind'])]?.replace('NS', encodeURIComponent(namespace)) ?? '';
    const { status } = await kubernetes.api('POST', `${collection}?dryRun=All&fieldValidation=Strict`, object);
    return status === 201;
  }

  /** Which of the stored ones the agent's parser takes, by number. */
  async function parsed(stored: ReadonlyMap<number, Generated>): Promise<ReadonlySet<number>> {
    const out = join(folder, 'stored');
    await mkdir(out);
    for (const [number, object] of stored) await writeFile(join(out, `${number}.yaml`), JSON.stringify(object));
    const { stdout } = await run(oracle ?? '', ['validate', out], { maxBuffer: 256 * 1024 * 1024 });
    const { objects } = JSON.parse(stdout) as { objects: readonly { file: string; accepted: boolean }[] };
    return new Set(objects.flatMap(({ file, accepted }) => (accepted ? [Number(/(\d+)\.yaml$/.exec(file)?.[1])] : [])));
  }

  test(`refuse the same of ${count} fresh manifests, each by the same`, async () => {
    const objects = new Map(
      Array.from({ length: count }, (_, index) => [seed + index, generateObject(seed + index)] as const),
    );
    const stored = new Map<number, Generated>();
    const waiting = [...objects];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) if (await isStored(next[1])) stored.set(...next);
      }),
    );
    const accepted = await parsed(stored);
    const theirs = (number: number, object: Generated): Refuser => {
      if (!stored.has(number)) return 'api-server';
      return accepted.has(number) || object['kind'] === 'CiliumCIDRGroup' ? null : 'cilium';
    };
    const wrong = [...objects].flatMap(([number, object]) => {
      const [our, their] = [refuserOf(object), theirs(number, object)];
      return our === their ? [] : [{ seed: number, object, our, their }];
    });
    expect(stored.size).toBeGreaterThan(count / 20);
    expect(accepted.size).toBeLessThan(stored.size);
    expect(wrong).toEqual([]);
  });
});
