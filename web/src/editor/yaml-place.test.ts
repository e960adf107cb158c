import { expect, test } from 'vitest';
import { fieldAt } from './field-docs.ts';
import { keyAt, kindIn, placeAt } from './yaml-place.ts';

const lines = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
spec:
  ingress:
  - fromEndpoints:
    - matchLabels:
        app: web
    toPorts:
    - ports:
      - port: "80"
        pro
  - fromEntities:
    - ho
  # a comm`.split('\n');
const end = (line: number) => placeAt(lines, line, (lines[line] ?? '').length);

test('the path is told by indentation, through lists', () => {
  expect(end(10)).toEqual({ path: ['spec', 'ingress', 'toPorts', 'ports'], typed: 'pro', at: 'key', key: null });
  expect(end(6)).toEqual({
    path: ['spec', 'ingress', 'fromEndpoints', 'matchLabels'],
    typed: 'web',
    at: 'value',
    key: 'app',
  });
  expect(end(12)).toEqual({ path: ['spec', 'ingress', 'fromEntities'], typed: 'ho', at: 'item', key: null });
  expect(end(13)).toBeNull();
});

test('every key is documented where it stands, and unknown ones are not', () => {
  const says = (line: number, column: number) => fieldAt(kindIn(lines), keyAt(lines, line, column) ?? [])?.says;
  expect(says(9, 9)).toContain('in quotes');
  expect(says(4, 6)).toContain('Pods that may connect');
  expect(fieldAt('NetworkPolicy', ['spec', 'ingress', 'from', 'ipBlock', 'cidr'])?.says).toContain('range');
  expect(fieldAt('NetworkPolicy', ['spec', 'ingressDeny'])).toBeUndefined();
  expect(keyAt(lines, 9, 14)).toBeNull();
});
