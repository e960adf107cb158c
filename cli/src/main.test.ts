import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Io } from './command.ts';
import { commands } from './commands.ts';
import { runCommandLine } from './main.ts';

async function run(...args: string[]) {
  const written = { out: '', err: '' };
  const io: Io = {
    out: async (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    stdin: new PassThrough(),
    env: {},
    signal: new AbortController().signal,
  };
  return { code: await runCommandLine(args, io), ...written };
}

describe('the program', () => {
  test.each(Object.keys(commands))('%s has help, which begins with its summary and names each option', async (name) => {
    const { code, out } = await run(...name.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${commands[name]?.summary.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`));
    expect(out).toContain(`Usage: bartizan ${name} `);
  });

  test('without arguments it says what it can do, and that it did nothing', async () => {
    const { code, out, err } = await run();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const name of Object.keys(commands)) expect(err).toContain(name);
    expect((await run('--help')).code).toBe(0);
  });

  test('what it does not know it names, with what there is instead', async () => {
    expect(await run('polcy')).toMatchObject({ code: 2, err: expect.stringContaining('no command "polcy"') });
    expect(await run('serve', '--prot', '1')).toMatchObject({ code: 2, err: expect.stringContaining("'--prot'") });
    expect(await run('serve', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('"x"') });
    expect(await run('serve', '--config', '/nowhere.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
  });
});
