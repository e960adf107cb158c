import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { helmValues } from './helm-values.ts';

const labels = 'flow:labelsContext=source_namespace,destination_namespace,traffic_direction';
const contexts = 'flow:sourceContext=namespace;destinationContext=namespace';

test.each([
  ['cilium v1.20.2', labels],
  ['1.13.0+g1234567', labels],
  ['v1.12.9', contexts],
  [null, labels],
])('for %s the flow metric is asked for as that release knows it', (version, metric) => {
  const { hubble } = parse(helmValues(version)) as { hubble: { relay: object; metrics: { enabled: string[] } } };
  expect(hubble.metrics.enabled[0]).toBe(metric);
  expect(hubble.relay).toEqual({ enabled: true });
});

test('before 1.9 the values stand under global', () => {
  expect(parse(helmValues('1.8.3'))).toEqual({
    global: { hubble: { enabled: true, metrics: { enabled: [contexts] } } },
  });
});

test('where the release is not known the older forms stand beside, as comments', () => {
  const text = helmValues(null);
  expect(text).toContain(`#       - "${contexts}"`);
  expect(text).toContain('# global:');
  expect(helmValues('1.20.2')).not.toContain('Before Cilium');
  expect(helmValues('1.20.2')).toMatch(/^# Helm values of Cilium 1\.20\.2\n/);
});
