import { expect, test } from 'vitest';
import { edit } from './edit.ts';
import { runCommand, withFiles } from './run-command.suite.ts';

const policy = (name: string) =>
  `# keep me\r\napiVersion: networking.k8s.io/v1\r\nkind: NetworkPolicy\r\nmetadata: {name: ${name}}\r\nspec:\r\n  podSelector: {} # all\r\n`;

test('disabling prints the file with one line changed, enabling gives the first bytes back', async () => {
  const text = `\uFEFF${policy('a')}---\r\n${policy('b')}`;
  const off = await runCommand(edit, ['-', '--enforcement', 'disabled'], text);
  expect(off.code).toBe(0);
  const changed = off.out.split('\r\n').filter((line, index) => line !== text.split('\r\n')[index]);
  expect(changed).toHaveLength(2);
  expect(await runCommand(edit, ['-', '--enforcement', 'enabled'], off.out)).toEqual({ code: 0, out: text, err: '' });
});

test('--name changes only the policy of that name', async () => {
  const text = `${policy('a')}---\n${policy('b')}`;
  const { out } = await runCommand(edit, ['-', '--enforcement', 'disabled', '--name', 'b'], text);
  expect(out.startsWith(`${policy('a')}---\n`)).toBe(true);
  expect(out.match(/disabled_by/g)).toHaveLength(1);
});

test.each([
  ['a word that is neither', ['-', '--enforcement', 'off'], policy('a'), 'takes enabled or disabled'],
  ['no word', ['-'], policy('a'), '--enforcement is missing'],
  [
    'no policy of that name',
    ['-', '--enforcement', 'enabled', '--name', 'x'],
    policy('a'),
    'no network policy named "x"',
  ],
  ['text that is not YAML', ['-', '--enforcement', 'enabled'], 'a: [', '<stdin>:1:4'],
  ['a file that is not there', ['/nowhere/x.yaml', '--enforcement', 'enabled'], '', '/nowhere/x.yaml: cannot be read'],
])('%s: exit 2, the reason, and nothing on standard output', async (_name, args, input, reason) => {
  const { code, out, err } = await runCommand(edit, args, input);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(reason);
});

test('a file that is not UTF-8 is refused, as it could not be given back', async () => {
  await withFiles({ 'a.yaml': Buffer.from([0xff, 0xfe, 0x61, 0x00]) }, async (path) => {
    const { code, err } = await runCommand(edit, [path('a.yaml'), '--enforcement', 'enabled']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('save it as UTF-8') });
  });
});
