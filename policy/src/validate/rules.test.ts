import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readManifests } from '../source/read-manifests.ts';
import { validate } from './validate.ts';
import type { CiliumVersion } from './versions.ts';

interface Case {
  readonly rule: string;
  readonly kind: 'CNP' | 'CCNP' | 'KNP' | 'CCG';
  readonly apiVersion?: string;
  readonly metadata?: object;
  readonly spec: object | null;
  readonly status?: object;
  readonly version?: CiliumVersion;
  readonly expect: readonly string[];
}

const kinds = {
  CNP: ['cilium.io/v2', 'CiliumNetworkPolicy'],
  CCNP: ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
  KNP: ['networking.k8s.io/v1', 'NetworkPolicy'],
  CCG: ['cilium.io/v2', 'CiliumCIDRGroup'],
} as const;

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const cases = parse(read('cases/validation-rules.yaml')) as readonly Case[];

function problemsOf({
  kind,
  apiVersion = kinds[kind][0],
  metadata = { name: 'a' },
  spec,
  status,
  version,
}: Case): readonly string[] {
  const text = JSON.stringify({ apiVersion, kind: kinds[kind][1], metadata, spec, ...(status && { status }) });
  const { manifests } = readManifests(text);
  return manifests
    .flatMap((manifest) => validate(manifest, version === undefined ? {} : { cilium: version }))
    .map(({ severity, refusedBy, code, path }) => `${refusedBy ?? severity} ${code} ${path || '""'}`);
}

describe('the rules of validation', () => {
  test.each(cases.map((each) => [each.rule, JSON.stringify(each.spec), each] as const))('%s %s', (_, __, each) => {
    expect(problemsOf(each)).toEqual(each.expect);
  });

  test('every rule of spec/validation.md has a case, and every case a rule', () => {
    const rules = [...read('spec/validation.md').matchAll(/^\| (VAL-\d+) \|/gm)].map((match) => match[1] ?? '');
    const proven = new Set([...cases.map(({ rule }) => rule), 'VAL-1', 'VAL-40', 'VAL-41', 'VAL-42']);
    expect([...proven].toSorted()).toEqual(rules.toSorted());
  });
});
