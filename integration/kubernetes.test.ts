import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { openCluster } from '@bartizan/backends/kubernetes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedProgram } from './servers/installed.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import { until } from './servers/process.ts';

const signal = new AbortController().signal;
const forReal = { dryRun: false, signal };
const rehearsed = { dryRun: true, signal };
const pace = { firstRetryMs: 100, longestRetryMs: 1000 };
const netpols = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';

function networkPolicy(name: string, spec: object = { podSelector: {} }): KubernetesObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

function ciliumPolicy(name: string, spec: object): KubernetesObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

function namesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.map(({ metadata }) => metadata.name).toSorted();
}

describe.skipIf(kubernetesMissing !== null)(
  `a real API server (${kubernetesMissing ?? 'kube-apiserver and etcd'})`,
  () => {
    let kubernetes: KubernetesServer;
    const opened: Cluster[] = [];

    function open(user: string, namespaces: readonly string[] = []): Cluster {
      const cluster = openCluster({
        name: `test as ${user}`,
        kubeconfig: kubernetes.kubeconfig(user),
        namespaces,
        clock: () => new Date(),
        pace,
      });
      opened.push(cluster);
      return cluster;
    }

    beforeAll(async () => {
      kubernetes = await startKubernetes(['reader', 'partial', 'tenant']);
      await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
      const read = ['get', 'list', 'watch'];
      const networkPolicies = { group: 'networking.k8s.io', resources: ['networkpolicies'], verbs: read };
      const core = { group: '', resources: ['pods', 'services', 'namespaces'], verbs: read };
      await kubernetes.grant('reader', [networkPolicies, core, { group: 'cilium.io', resources: ['*'], verbs: read }]);
      await kubernetes.grant('partial', [networkPolicies, { ...core, resources: ['namespaces'] }]);
    });

    afterAll(async () => {
      await Promise.all(opened.map((cluster) => cluster.close()));
      await kubernetes?.stop();
    });

    test('a kind whose CRD is missing says so while the others work, and is there as soon as it is installed', async () => {
      const cluster = open('admin');
      await cluster.synced;
      expect(cluster.state('CiliumNetworkPolicy')).toMatchObject({ state: 'missing' });
      expect(cluster.state('NetworkPolicy')).toMatchObject({ state: 'ok' });
      expect(cluster.list('Namespace').map(({ metadata }) => metadata.name)).toContain('shop');
      await kubernetes.installCilium();
      for (const kind of ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'] as const)
        await until(`${kind} is there`, () => (cluster.state(kind).state === 'ok' ? true : undefined));
      expect(await cluster.version(signal)).toBe('v1.37.2');
    });

    test('a policy is created, read, changed and removed, and the watch follows', async () => {
      const cluster = open('admin');
      await cluster.synced;
      const created = await cluster.create(networkPolicy('one'), forReal);
      expect(created.metadata.managedFields?.[0]).toMatchObject({ manager: 'bartizan', operation: 'Update' });
      const ref = { kind: 'NetworkPolicy', namespace: 'shop', name: 'one' } as const;
      const before = await cluster.read(ref, signal);
      const changed = await cluster.replace({ ...before, spec: { podSelector: {}, policyTypes: ['Egress'] } }, forReal);
      await until('the watch has it', () =>
        cluster
          .list('NetworkPolicy')
          .find(({ metadata }) => metadata.resourceVersion === changed.metadata.resourceVersion),
      );
      const stale = cluster.remove(ref, { ...forReal, resourceVersion: before.metadata.resourceVersion ?? '' });
      await expect(stale).rejects.toMatchObject({ code: 'conflict' });
      await cluster.remove(ref, { ...forReal, resourceVersion: changed.metadata.resourceVersion ?? '' });
      await until('it is gone', () => (namesOf(cluster.list('NetworkPolicy')).includes('one') ? undefined : true));
      await expect(cluster.read(ref, signal)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('what another wrote meanwhile is never overwritten', async () => {
      const cluster = open('admin');
      const created = await cluster.create(ciliumPolicy('raced', { endpointSelector: {}, ingress: [{}] }), forReal);
      const path = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies/raced';
      const theirs = { ...created, spec: { endpointSelector: {}, egress: [{}] } };
      expect((await kubernetes.api('PUT', path, theirs)).status).toBe(200);
      const ours = cluster.replace({ ...created, spec: { endpointSelector: {}, ingress: [] } }, forReal);
      await expect(ours).rejects.toMatchObject({ code: 'conflict', message: /has been modified/ });
      expect((await kubernetes.api('GET', path)).body['spec']).toEqual(theirs.spec);
      await expect(cluster.create(created, forReal)).rejects.toMatchObject({ code: 'already-exists' });
    });

    test('a dry run says what would happen and writes nothing', async () => {
      const cluster = open('admin');
      const rehearsal = await cluster.create(networkPolicy('rehearsed'), rehearsed);
      expect(rehearsal.metadata.uid).toBeTruthy();
      expect((await kubernetes.api('GET', `${netpols}/rehearsed`)).status).toBe(404);
      const wrong = ciliumPolicy('wrong', {
        endpointSelector: {},
        ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TPC' }] }] }],
      });
      await expect(cluster.create(wrong, rehearsed)).rejects.toMatchObject({
        code: 'refused',
        message: /Unsupported value: "TPC"/,
      });
    });

    test('an unknown field is refused, not pruned', async () => {
      const cluster = open('admin');
      const misspelt = ciliumPolicy('misspelt', { endpointSelector: {}, ingres: [{}] });
      await expect(cluster.create(misspelt, forReal)).rejects.toMatchObject({
        code: 'refused',
        message: /unknown field "spec.ingres"/,
      });
      const nowhere = { ...networkPolicy('nowhere'), metadata: { name: 'nowhere', namespace: 'nowhere' } };
      await expect(cluster.create(nowhere, forReal)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('a change that kubectl makes, or its request where it is missing, is seen within two seconds', async () => {
      const cluster = open('reader');
      await cluster.synced;
      await kubernetes.api('POST', netpols, networkPolicy('labelled'));
      await until('the policy is there', () =>
        cluster.list('NetworkPolicy').find(({ metadata }) => metadata.name === 'labelled'),
      );
      const args = [
        '--kubeconfig',
        kubernetes.kubeconfig('admin'),
        '-n',
        'shop',
        'label',
        'netpol',
        'labelled',
        'seen=yes',
      ];
      const kubectl = installedProgram('kubectl');
      if (kubectl === null)
        await kubernetes.api('PATCH', `${netpols}/labelled`, { metadata: { labels: { seen: 'yes' } } });
      else await promisify(execFile)(kubectl, args);
      const isSeen = (): true | undefined =>
        cluster.list('NetworkPolicy').some(({ metadata }) => metadata.labels?.['seen'] === 'yes') || undefined;
      expect(await until('the label is seen', isSeen, { withinMs: 2000, everyMs: 10 })).toBe(true);
    });

    test('a kind that may not be read says so while the others work', async () => {
      const cluster = open('partial');
      await cluster.synced;
      expect(cluster.state('NetworkPolicy')).toMatchObject({ state: 'ok' });
      const pods = cluster.state('Pod');
      expect(pods).toMatchObject({ state: 'forbidden', reason: /User "partial" cannot list resource "pods"/ });
      expect(cluster.list('Pod')).toEqual([]);
      await expect(cluster.create(networkPolicy('mine'), forReal)).rejects.toMatchObject({ code: 'forbidden' });
      await kubernetes.grant('partial', [{ group: '', resources: ['pods'], verbs: ['list', 'watch'] }]);
      await until('pods may be read', () => (cluster.state('Pod').state === 'ok' ? true : undefined));
    });

    test('where only single namespaces may be read they are read one by one', async () => {
      const rules = [{ group: 'networking.k8s.io', resources: ['networkpolicies'], verbs: ['list', 'watch'] }];
      await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'pay' } });
      await kubernetes.grant('tenant', rules, 'shop');
      await kubernetes.api('POST', netpols, networkPolicy('of-shop'));
      const cluster = open('tenant', ['shop', 'pay']);
      await cluster.synced;
      expect(namesOf(cluster.list('NetworkPolicy'))).toContain('of-shop');
      const reason = /namespace pay: .*cannot list resource "networkpolicies"/;
      expect(cluster.state('NetworkPolicy')).toMatchObject({ state: 'forbidden', reason });
      await kubernetes.grant('tenant', rules, 'pay');
      await until('both may be read', () => (cluster.state('NetworkPolicy').state === 'ok' ? true : undefined));
    });

    test('a list longer than a page is whole', async () => {
      const many = Array.from({ length: 1203 }, (_, index) => ({ metadata: { name: `page-${index}` } }));
      for (let at = 0; at < many.length; at += 100)
        await Promise.all(many.slice(at, at + 100).map((one) => kubernetes.api('POST', '/api/v1/namespaces', one)));
      const cluster = open('reader');
      await cluster.synced;
      expect(cluster.list('Namespace').filter(({ metadata }) => metadata.name.startsWith('page-'))).toHaveLength(1203);
    });

    test('after a restart of the API server in the middle of a watch nothing is missing', async () => {
      const cluster = open('reader');
      await cluster.synced;
      await kubernetes.stopApi();
      await until('the outage is seen', () =>
        cluster.state('NetworkPolicy').state === 'unreachable' ? true : undefined,
      );
      expect(namesOf(cluster.list('NetworkPolicy'))).toContain('labelled');
      await kubernetes.startApi();
      await kubernetes.api('POST', netpols, networkPolicy('after-restart'));
      await kubernetes.api('DELETE', `${netpols}/labelled`);
      await until('the watch is back', () => {
        const names = namesOf(cluster.list('NetworkPolicy'));
        return names.includes('after-restart') && !names.includes('labelled') ? true : undefined;
      });
      expect(cluster.state('NetworkPolicy').state).toBe('ok');
    });

    test('a client that only reads has only read, as the audit log says', async () => {
      const asked = (await kubernetes.audited()).filter(({ user }) => user === 'reader');
      expect([...new Set(asked.map(({ verb }) => verb))].toSorted()).toEqual(['list', 'watch']);
    });
  },
);
