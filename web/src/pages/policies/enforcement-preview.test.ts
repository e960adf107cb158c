import { expect, test } from 'vitest';
import { previewEnforcement } from './enforcement-preview.ts';

const manifest =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\nspec:\n  podSelector:\n    matchLabels:\n      app: web\n';

test('disabling adds the label that no pod has, and nothing else', () => {
  const preview = previewEnforcement({ manifest, enabled: false, isDeployed: true });
  const changed = 'rows' in preview ? preview.rows.filter(({ kind }) => kind === 'added' || kind === 'removed') : [];
  expect(changed).toHaveLength(1);
  expect(changed[0]).toMatchObject({ kind: 'added', text: '      network-policy.gitlab.com/disabled_by: gitlab' });
});

test('what is not deployed yet is new as a whole', () => {
  const preview = previewEnforcement({ manifest, enabled: true, isDeployed: false });
  expect('rows' in preview && preview.rows.every(({ kind }) => kind === 'added')).toBe(true);
});

test('a manifest that cannot be read has a reason', () => {
  expect(previewEnforcement({ manifest: 'a: [', enabled: true, isDeployed: true })).toHaveProperty('reason');
});
