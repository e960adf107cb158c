import { expect, test } from 'vitest';
import { ownerOf } from './owner.ts';

function owner(labels: Record<string, string>, annotations: Record<string, string> = {}) {
  return ownerOf({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web', labels, annotations },
  });
}

test('an Auto DevOps object is told by its chart, and its values file is named', () => {
  expect(owner({ chart: 'auto-deploy-app-2.6.0' })).toMatchObject({
    kind: 'auto-devops',
    warning: expect.stringContaining('auto-deploy-values.yaml'),
  });
  for (const chart of ['my-auto-deploy-app-1', 'foo', '']) expect(owner({ chart })).toBeNull();
});

test('Argo CD is told before the Helm chart that it renders', () => {
  expect(owner({ 'app.kubernetes.io/managed-by': 'Helm', 'argocd.argoproj.io/instance': 'payments' })).toMatchObject({
    kind: 'argo-cd',
    name: 'payments',
  });
  expect(owner({}, { 'meta.helm.sh/release-name': 'web' })).toMatchObject({ kind: 'helm', name: 'web' });
});

test('nobody owns what carries no sign', () => {
  expect(owner({ app: 'web' })).toBeNull();
  expect(ownerOf({ apiVersion: 'v1', kind: 'NetworkPolicy', metadata: { name: 'web' } })).toBeNull();
});
