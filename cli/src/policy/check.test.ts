import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from './check.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bartizan-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], input = '') {
  const stdin = new PassThrough();
  stdin.end(input);
  const written = { out: '', err: '' };
  const code = await check.run(args, {
    out: async (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    stdin,
    env: {},
    signal: new AbortController().signal,
  });
  return { code, ...written, report: () => JSON.parse(written.out) };
}

async function file(name: string, text: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

const good = (name: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {podSelector: {}}\n`;
const bad = good('b').replace('podSelector', 'podSelectors');

describe('policy check', () => {
  test('prints each problem with its file, place and policy, and exits 1', async () => {
    const path = await file('one/bad.yaml', bad);
    const { code, report } = await run([path]);
    expect(code).toBe(1);
    expect(report()).toMatchObject({
      ok: false,
      policies: 1,
      problems: [
        {
          file: path,
          line: 4,
          column: 8,
          policy: 'NetworkPolicy/shop/b',
          code: 'unknown-field',
          severity: 'error',
          refusedBy: 'api-server',
          path: 'spec.podSelectors',
        },
      ],
    });
  });

  test('reads folders with everything below, and standard input, and counts policies only', async () => {
    await file('two/a/x.yml', good('x'));
    await file('two/b.json', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }));
    await file('two/notes.txt', 'not read');
    await file('two/.git/z.yaml', bad);
    expect((await run([join(folder, 'two')])).report()).toEqual({ ok: true, policies: 1, problems: [] });
    const fromStdin = await run(['-'], `${good('a')}---\n${good('b')}`);
    expect(fromStdin.report()).toEqual({ ok: true, policies: 2, problems: [] });
    expect([fromStdin.code, fromStdin.err]).toEqual([0, '']);
  });

  test('where no policy is, that is said: it is fine, but perhaps not what was meant', async () => {
    await file('none/notes.txt', 'not read');
    expect(await run([join(folder, 'none')])).toMatchObject({
      code: 0,
      err: expect.stringContaining('no network policy'),
    });
  });

  test('what cannot be read is said, and the rest is checked: exit code 2', async () => {
    const { code, report } = await run([join(folder, 'nowhere.yaml'), await file('three/bad.yaml', bad)]);
    expect(code).toBe(2);
    expect(report().problems.map((problem: { code: string }) => problem.code)).toEqual([
      'unreadable-file',
      'unknown-field',
    ]);
  });

  test('a file that is not UTF-8 is refused, UTF-16 is read', async () => {
    const latin = await file('four/latin.yaml', Buffer.from('kind: caf\xe9', 'latin1'));
    expect((await run([latin])).report().problems[0].code).toBe('not-utf8');
    const wide = await file('four/wide.yaml', Buffer.from(`\uFEFF${good('wide')}`, 'utf16le'));
    expect((await run([wide])).report()).toMatchObject({ ok: true, policies: 1 });
  });

  test('two objects of one name are a warning, which fails only when asked', async () => {
    const first = await file('five/a.yaml', good('twin'));
    const second = await file('five/b.yaml', good('twin'));
    const { code, report } = await run([first, second]);
    expect(code).toBe(0);
    expect(report().problems).toMatchObject([{ code: 'same-name', severity: 'warning', file: second }]);
    expect((await run(['--fail-on', 'warning', first, second])).code).toBe(1);
  });

  test('a DNS rule in another policy of the namespace is enough for names', async () => {
    const head = (name: string, namespace: string) =>
      `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec:\n  endpointSelector: {}\n  egress:\n`;
    const names = `${head('names', 'shop')}  - toFQDNs: [{matchName: example.org}]\n`;
    const dns = (namespace: string) =>
      `${head('dns', namespace)}  - toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]\n`;
    const codes = async (...texts: string[]) =>
      (await run(['-'], texts.join('---\n'))).report().problems.map((problem: { code: string }) => problem.code);
    expect(await codes(names)).toEqual(['fqdn-without-dns']);
    expect(await codes(names, dns('other'))).toEqual(['fqdn-without-dns']);
    expect(await codes(names, dns('shop'))).toEqual([]);
  });

  test('SARIF names rule, place and a fingerprint for each problem', async () => {
    const path = await file('six/bad file.yaml', bad);
    const sarif = (await run(['-o', 'sarif', path])).report();
    expect(sarif).toMatchObject({ version: '2.1.0' });
    expect(sarif.runs[0].tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['unknown-field']);
    const [result] = sarif.runs[0].results;
    expect(result).toMatchObject({ ruleId: 'unknown-field', ruleIndex: 0, level: 'error' });
    expect(result.locations[0].physicalLocation.region).toEqual({ startLine: 4, startColumn: 8 });
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toMatch(/bad%20file\.yaml$/);
    expect(result.partialFingerprints['bartizan/v1']).toMatch(/^[0-9a-f]{32}$/);
  });

  test('text is one line a problem, as editors and terminals link it', async () => {
    const path = await file('seven/bad.yaml', bad);
    const { out } = await run(['-o', 'text', path]);
    expect(out).toContain(`${path}:4:8: error: \`podSelectors\` is not a field of the spec`);
    expect(out).toContain('1 policy, 1 error, 0 warnings');
  });

  test('a version or an output that does not exist is named, with what there is', async () => {
    await expect(run(['--cilium', '1.7', 'x'])).rejects.toThrow('1.18, 1.19, 1.20, 1.21');
    await expect(run(['-o', 'xml', 'x'])).rejects.toThrow('json, sarif, text');
    expect((await run(['--cilium', 'v1.19.4', await file('eight/a.yaml', good('v'))])).code).toBe(0);
  });
});
