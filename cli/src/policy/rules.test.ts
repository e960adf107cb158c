import { expect, test } from 'vitest';
import { rules } from './rules.ts';
import { runCommand, withFiles } from './run-command.suite.ts';

const manifest = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: odd, namespace: shop}
spec:
  endpointSelector:
    matchLabels: {version: "1.10", flag: "off", hex: '0xBEEF'}
  ingress: # who
  - fromEndpoints:
    - matchLabels: {version: "2"} # the second
`;

test('prints what Rule mode shows', async () => {
  const { code, out } = await runCommand(rules, ['-'], manifest);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    ok: true,
    rules: {
      kind: 'CiliumNetworkPolicy',
      name: 'odd',
      namespace: 'shop',
      enabled: true,
      selector: { matchLabels: { version: '1.10', flag: 'off', hex: '0xBEEF' } },
      rules: [
        {
          direction: 'ingress',
          action: 'allow',
          peers: [{ type: 'pods', pods: { matchLabels: { version: '2' } } }],
          ports: [],
        },
      ],
    },
  });
});

test('--write with what it printed gives the file back, and a changed value changes only itself, quoted', async () => {
  const printed = (await runCommand(rules, ['-'], manifest)).out;
  const inner = JSON.stringify(JSON.parse(printed).rules);
  for (const model of [printed, inner]) {
    await withFiles({ 'model.json': model }, async (path) => {
      expect(await runCommand(rules, ['-', '--write', path('model.json')], manifest)).toEqual({
        code: 0,
        out: manifest,
        err: '',
      });
    });
  }
  for (const value of ['on', '0x1f', '1e3', 'null', '007', '1_0']) {
    await withFiles({ 'model.json': inner.replace('"2"', JSON.stringify(value)) }, async (path) => {
      const { out } = await runCommand(rules, ['-', '--write', path('model.json')], manifest);
      expect(out).toBe(manifest.replace('"2"', `"${value}"`));
    });
  }
});

test('what cannot be shown exits 1 with each reason and its place', async () => {
  const { code, out } = await runCommand(rules, ['-'], manifest.replace('fromEndpoints', 'toEndpoints'));
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    reasons: [{ code: 'unknown-field', path: 'spec.ingress[0].toEndpoints', line: 8 }],
  });
  const broken = await runCommand(rules, ['-'], '}{');
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.out)).toMatchObject({ ok: false, reasons: [{ line: 1, column: 1 }] });
});

test('a model that says what its kind of policy cannot is refused with the place in the model', async () => {
  const model = JSON.parse((await runCommand(rules, ['-'], manifest)).out).rules;
  const wrong = {
    ...model,
    extra: 1,
    rules: [{ ...model.rules[0], peers: [{ type: 'dns', name: 'a.b' }], ports: 80 }],
  };
  await withFiles({ 'model.json': JSON.stringify(wrong), 'text.json': '{' }, async (path) => {
    const { code, out, err } = await runCommand(rules, ['-', '--write', path('model.json')], manifest);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('extra');
    expect(err).toContain('rules[0].ports should be a list');
    expect(err).toContain('Cilium takes DNS names only where outgoing connections are allowed');
    expect((await runCommand(rules, ['-', '--write', path('text.json')], manifest)).err).toContain('this is not JSON');
  });
});

test('of several policies the one named is shown', async () => {
  const two = `${manifest}---\n${manifest.replace('name: odd', 'name: even')}`;
  const { code, out } = await runCommand(rules, ['-'], two);
  expect({ code, reasons: JSON.parse(out).reasons }).toMatchObject({
    code: 1,
    reasons: [{ code: 'several-policies' }],
  });
  expect(JSON.parse((await runCommand(rules, ['-', '--name', 'even'], two)).out)).toMatchObject({
    ok: true,
    rules: { name: 'even' },
  });
});
