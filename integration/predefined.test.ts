import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KubernetesObject } from '@bartizan/backends';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryCluster } from '../server/src/deps.fixture.ts';
import { offeredFor } from '../server/src/policies/predefined/offer.ts';
import { endpoints, meanings, queryOf, verdictsOf } from '../server/src/policies/predefined/verdicts.fixture.ts';
import { builtProgram, missing } from './servers/installed.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';

const oracle = builtProgram('cilium-oracle');
const lacking = kubernetesMissing ?? missing({ 'cilium-oracle': oracle });
const run = promisify(execFile);

const noCilium = { state: 'missing', reason: 'the CRD is not installed', sinceMs: 0 } as const;

/** What is offered in both dialects: where everything is found, where nothing is, and where it is in the host's network. */
const offers = (['found', 'not-found', 'on-host'] as const).flatMap((world) => {
  const pods = endpoints.flatMap(({ id, namespace = '', labels = {}, cluster }): KubernetesObject[] =>
    world === 'not-found' || namespace === '' || cluster !== undefined
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: id, namespace, labels },
            spec: { hostNetwork: world === 'on-host' },
          },
        ],
  );
  return [{}, { CiliumNetworkPolicy: noCilium }].flatMap((states) =>
    offeredFor(memoryCluster(pods, states), ['shop']).map(({ object }) => ({ world, object })),
  );
});

const collections: Readonly<Record<string, string>> = {
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies',
  CiliumNetworkPolicy: '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies',
};

describe.skipIf(lacking !== null)(
  `predefined policies (${lacking ?? "a real API server, Cilium's parser and engine"})`,
  () => {
    let folder: string;
    let kubernetes: KubernetesServer;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-predefined-test-'));
      kubernetes = await startKubernetes();
      await kubernetes.installCilium();
      await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
    });

    afterAll(async () => {
      await kubernetes?.stop();
      await rm(folder, { recursive: true });
    });

    test('are stored by the API server, asked as strictly as kubectl asks', async () => {
      const answers = await Promise.all(
        offers.map(async ({ world, object }) => {
          const collection = collections[object.kind] ?? '';
          const { status, body } = await kubernetes.api(
            'POST',
            `${collection}?dryRun=All&fieldValidation=Strict`,
            object,
          );
          return status === 201
            ? []
            : [{ world, name: object.metadata.name, kind: object.kind, said: body['message'] }];
        }),
      );
      expect(answers.flat()).toEqual([]);
    });

    test("are taken by Cilium's parser", async () => {
      const out = join(folder, 'manifests');
      await mkdir(out);
      for (const [index, { object }] of offers.entries())
        await writeFile(join(out, `${index}.yaml`), JSON.stringify(object));
      const { stdout } = await run(oracle ?? '', ['validate', out]);
      const { objects } = JSON.parse(stdout) as { objects: readonly { accepted: boolean; unknownFields?: unknown }[] };
      expect(objects).toHaveLength(offers.length);
      expect(objects.filter(({ accepted, unknownFields }) => !accepted || unknownFields)).toEqual([]);
    });

    test("mean to Cilium's engine what is written down for them", async () => {
      const worlds = offers.filter(({ world }) => world === 'found');
      expect(new Set(worlds.map(({ object }) => object.metadata.name))).toEqual(new Set(Object.keys(meanings)));
      for (const { object } of worlds) {
        const { name } = object.metadata;
        const expected = verdictsOf(name, object.kind === 'CiliumNetworkPolicy' ? 'cilium' : 'kubernetes');
        const at = join(folder, `${object.kind}-${name}`);
        await mkdir(join(at, 'policies'), { recursive: true });
        await writeFile(join(at, 'policies', 'policy.yaml'), JSON.stringify(object));
        const document = {
          cluster: 'default',
          policies: 'policies',
          endpoints,
          queries: expected.map(({ text }) => queryOf(text)),
          options: { stack: 'dual' },
        };
        await writeFile(join(at, 'document.json'), JSON.stringify(document));
        await run(oracle ?? '', ['evaluate', '-write', 'expected.json', join(at, 'document.json')]);
        const answer = JSON.parse(await readFile(join(at, 'expected.json'), 'utf8')) as {
          verdicts: readonly { verdict: string }[];
        };
        const theirs = expected.map(({ text }, index) => ({ text, verdict: answer.verdicts[index]?.verdict }));
        expect({ name, kind: object.kind, verdicts: theirs }).toEqual({ name, kind: object.kind, verdicts: expected });
      }
    });
  },
);
