import { describe, expect, test } from 'vitest';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';

const web = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } } };

function matches(source: string): boolean | string {
  const parsed = parseLabelSelector(source);
  return parsed.ok ? parsed.match(web) : parsed.message;
}

describe('a label selector', () => {
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['tier!=front', true],
    ['app in (cart, web)', true],
    ['app notin (web)', false],
    ['tier notin (front)', true],
    ['app', true],
    ['!app', false],
    ['!tier,app=web', true],
    ['app=web,tier=front', false],
  ])('%s', (source, expected) => {
    expect(matches(source)).toBe(expected);
  });

  test('names the requirement that it cannot read', () => {
    expect(matches('app=(')).toContain('app=(');
  });
});

test('a field selector knows what kubectl describe asks by, and says so of others', () => {
  const byName = parseFieldSelector('metadata.name=web-1,metadata.namespace!=other');
  expect(byName.ok && byName.match(web)).toBe(true);
  expect(parseFieldSelector('spec.replicas=3')).toEqual({
    ok: false,
    message: 'field label not supported: spec.replicas',
  });
});
