import type { KubernetesObject, WatchedKind, WatchState } from '@bartizan/backends';
import { compile, lowerPolicy, printManifest, readManifests, validate } from '@bartizan/policy';
import type { Endpoint, EngineOptions, JsonObject } from '@bartizan/policy';
import { describe, expect, test } from 'vitest';
import { memoryCluster } from '../../deps.fixture.ts';
import { offeredFor } from './offer.ts';
import { endpoints, meanings, queryOf, verdictsOf } from './verdicts.fixture.ts';

const missing: WatchState = { state: 'missing', reason: 'the CRD is not installed', sinceMs: 0 };

function podOf({ id, namespace = '', labels = {} }: Endpoint, spec: object = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: id, namespace, labels }, spec };
}

const pods = endpoints.filter(({ namespace, cluster }) => namespace && !cluster).map((each) => podOf(each));

function offersIn(dialect: 'cilium' | 'kubernetes', objects: readonly KubernetesObject[] = pods) {
  const states: Partial<Record<WatchedKind, WatchState>> = dialect === 'cilium' ? {} : { CiliumNetworkPolicy: missing };
  return offeredFor(memoryCluster(objects, states), ['shop']);
}

function named(name: string, dialect: 'cilium' | 'kubernetes', objects = pods) {
  const found = offersIn(dialect, objects).find(({ object }) => object.metadata.name === name);
  if (!found) throw new Error(`${name} is not offered`);
  return found;
}

function engineOf(objects: readonly KubernetesObject[], options: EngineOptions = {}) {
  const policies = objects.map((object) => {
    const lowered = lowerPolicy(object);
    if (!lowered.ok) throw new Error(JSON.stringify(lowered.problems));
    return lowered.value;
  });
  return compile(policies, { endpoints }, { stack: 'dual', ...options });
}

const offers = (['cilium', 'kubernetes'] as const).flatMap((dialect) =>
  offersIn(dialect).map((offer) => ({ ...offer, dialect, name: offer.object.metadata.name })),
);

describe.each(offers)('$name as $object.kind', ({ name, object, dialect, doubts }) => {
  test('is a policy that cluster and Cilium take, with nothing in it that surprises', () => {
    const { manifests, problems } = readManifests(printManifest(object as unknown as JsonObject));
    expect([...problems, ...manifests.flatMap((manifest) => validate(manifest))]).toEqual([]);
    expect(doubts).toEqual([]);
  });

  test.each(dialect === 'cilium' ? (['cilium'] as const) : (['cilium', 'kubernetes'] as const))(
    'means under %s what it says',
    (as) => {
      const engine = engineOf([object], { as });
      const expected = verdictsOf(name, dialect);
      expect(expected.map(({ text }) => ({ text, verdict: engine.verdict(queryOf(text)).verdict }))).toEqual(expected);
    },
  );
});

test('every policy that is offered has its meaning written down', () => {
  expect(new Set(offers.map(({ name }) => name))).toEqual(new Set(Object.keys(meanings)));
});

const everyQuery = endpoints.flatMap(({ id: from }) =>
  endpoints.flatMap(({ id: to }) =>
    from === to
      ? []
      : ['53/UDP', '80/TCP', '8081/TCP', '8/ICMP'].map((port) => ({ text: `${from} > ${to} ${port}`, from, to })),
  ),
);
const inShop = new Set(['web', 'db', 'suspect']);

/** Beside each other policy of the library, and beside none. */
const beside = [[], ...offersIn('cilium').map(({ object }) => [object])];

test('block-cloud-metadata denies those addresses to the namespace and changes nothing else, beside whatever policy', () => {
  const { object } = named('block-cloud-metadata', 'cilium');
  for (const others of beside) {
    const [before, after] = [engineOf(others), engineOf([...others, object])];
    for (const { text, from, to } of everyQuery) {
      const query = queryOf(text);
      const verdict =
        inShop.has(from) && to.startsWith('metadata') && to !== 'metrics-server'
          ? 'denied'
          : before.verdict(query).verdict;
      expect(`${text} ${after.verdict(query).verdict}`).toBe(`${text} ${verdict}`);
    }
  }
});

test('quarantine leaves a marked pod nothing but what its node begins, and changes nothing for others, beside whatever policy', () => {
  const { object } = named('quarantine', 'cilium');
  for (const others of beside) {
    const [before, after] = [engineOf(others), engineOf([...others, object])];
    for (const { text, from, to } of everyQuery) {
      const query = queryOf(text);
      const wasDenied = before.verdict(query).verdict === 'denied';
      const isCut = from === 'suspect' || (to === 'suspect' && from !== 'host');
      expect(`${text} ${after.verdict(query).verdict}`).toBe(`${text} ${isCut || wasDenied ? 'denied' : 'allowed'}`);
    }
  }
});

test('quarantine lets probes through where agents do not let the host through by themselves', () => {
  const { object } = named('quarantine', 'cilium');
  const closed = named('default-deny-with-dns', 'cilium').object;
  const engine = engineOf([object, closed], { noAllowLocalhost: true });
  expect(engine.verdict(queryOf('host > suspect 8081/TCP')).verdict).toBe('allowed');
  expect(engine.verdict(queryOf('host > web 8081/TCP')).verdict).toBe('denied');
});

test('allow-monitoring as a CiliumNetworkPolicy only adds', () => {
  const { object } = named('allow-monitoring', 'cilium');
  const closed = named('same-namespace-only', 'cilium').object;
  const [before, after] = [engineOf([closed]), engineOf([closed, object])];
  for (const { text, from, to } of everyQuery) {
    const isScrape = from === 'prometheus' && inShop.has(to);
    const expected = isScrape ? 'allowed' : before.verdict(queryOf(text)).verdict;
    expect(`${text} ${after.verdict(queryOf(text)).verdict}`).toBe(`${text} ${expected}`);
  }
});

describe('what a policy names is looked for in the cluster', () => {
  const without = (...names: readonly string[]) => pods.filter(({ metadata }) => !names.includes(metadata.name));
  const edge = endpoints.find(({ id }) => id === 'edge');

  test('where it runs, whatever the namespace is called', () => {
    const moved = podOf({ ...(edge ?? { id: 'edge' }), namespace: 'platform' });
    const { object, doubts } = named('from-ingress-controller-only', 'kubernetes', [...without('edge'), moved]);
    expect(JSON.stringify(object['spec'])).toContain('"kubernetes.io/metadata.name":"platform"');
    expect(doubts).toEqual([]);
  });

  test.each([
    ['from-ingress-controller-only', 'edge', 'ingress-nginx', 'No ingress controller was found'],
    ['allow-monitoring', 'prometheus', 'monitoring', 'No Prometheus was found'],
    ['to-dns-only', 'dns', 'kube-system', 'No DNS server was found'],
  ])('and where it is not there, %s names the usual place and says so', (name, pod, namespace, words) => {
    for (const dialect of ['cilium', 'kubernetes'] as const) {
      const { object, doubts } = named(name, dialect, without(pod));
      expect(JSON.stringify(object['spec'])).toContain(namespace);
      expect(doubts).toMatchObject([{ severity: 'warning', message: expect.stringContaining(words) }]);
    }
  });

  test('two controllers in two namespaces are both let through, and named', () => {
    const second = podOf({ ...(edge ?? { id: 'edge' }), id: 'edge-2', namespace: 'edge-internal' });
    const { object, doubts } = named('from-ingress-controller-only', 'cilium', [...pods, second]);
    expect(JSON.stringify(object['spec'])).toContain('edge-internal');
    expect(doubts[0]?.message).toContain('(ingress-nginx, edge-internal)');
  });

  test("a controller in the host's network is the hosts to Cilium, and a NetworkPolicy says that it cannot name them", () => {
    const hosted = podOf(edge ?? { id: 'edge' }, { hostNetwork: true });
    const objects = [...without('edge'), hosted];
    const cilium = named('from-ingress-controller-only', 'cilium', objects);
    expect(cilium.doubts).toEqual([]);
    expect(engineOf([cilium.object]).verdict(queryOf('remote-node > web 80/TCP')).verdict).toBe('allowed');
    const { object, doubts } = named('from-ingress-controller-only', 'kubernetes', objects);
    expect(doubts[0]?.message).toContain('cannot name the hosts');
    expect(engineOf([object]).verdict(queryOf('internet > web 80/TCP')).verdict).toBe('denied');
  });

  test('a DNS server that listens elsewhere behind its Service is reached there too', () => {
    const ports = [{ name: 'dns', containerPort: 8053, protocol: 'UDP' }];
    const server = podOf(
      { id: 'dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
      { containers: [{ ports }] },
    );
    const { object } = named('to-dns-only', 'cilium', [...without('dns'), server]);
    const engine = engineOf([object]);
    expect(engine.verdict(queryOf('web > dns 8053/UDP')).verdict).toBe('allowed');
    expect(engine.verdict(queryOf('web > dns 8053/TCP')).verdict).toBe('denied');
  });

  test('where pods cannot be read, that is said', () => {
    const cluster = memoryCluster([], { Pod: { state: 'forbidden', reason: 'no', sinceMs: 0 } });
    const doubts = offeredFor(cluster, ['shop']).flatMap((offer) => offer.doubts);
    expect(doubts.map(({ message }) => message.slice(0, 20))).toEqual(Array(4).fill('Pods cannot be read,'));
  });
});

test('as long as nobody knows whether the cluster has the kinds of Cilium, nothing is offered', () => {
  const cluster = memoryCluster(pods, { CiliumNetworkPolicy: { state: 'connecting' } });
  expect(offeredFor(cluster, ['shop'])).toEqual([]);
});
