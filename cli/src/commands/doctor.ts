import type { SourceStatus } from '@bartizan/api';
import { CommandError, UsageError, defineCommand } from '../command.ts';
import { readConfig } from '../config/read-config.ts';
import { probeSources } from '../console/probe-sources.ts';
import type { Probed } from '../console/probe-sources.ts';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Each source of each environment: reachable, permitted, configured; and the exact lines to add',
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration' },
    output: { type: 'string', short: 'o', value: 'text|json', default: 'text', describe: 'how to print it' },
  },
  details:
    'Exit code 1 when a source is not ok, or when there is no environment at all. Nothing is changed and nothing is stored.',
  async run({ values, io }) {
    if (values.output !== 'text' && values.output !== 'json')
      throw new UsageError(`--output is text or json, not "${values.output}".`);
    const file = values.config ?? io.env['BARTIZAN_CONFIG'];
    if (file === undefined) throw new CommandError('Say which configuration: bartizan doctor --config bartizan.yaml');
    const config = await readConfig(file);
    const probed = await probeSources({ config, env: io.env, clock: () => new Date(), signal: io.signal });
    const isWell =
      probed.environments.length > 0 &&
      probed.environments.every(({ sources }) => sources.every(({ state }) => state === 'ok'));
    await io.out(values.output === 'json' ? `${JSON.stringify({ ok: isWell, ...probed }, null, 2)}\n` : report(probed));
    return isWell ? 0 : 1;
  },
});

function report({ environments, empty }: Probed): string {
  if (empty) return `${empty.reason}\n\n${indent(empty.fix)}\n`;
  return environments.map(({ id, sources }) => `${id}\n${sources.map(sourceLines).join('')}`).join('\n');
}

function sourceLines({ signal, kind, state, version, location, reason, fix }: SourceStatus): string {
  const place = [kind, version, location].filter((part) => part !== undefined).join(', ');
  const line = `  ${state === 'ok' ? 'ok ' : 'BAD'}  ${signal.padEnd(8)}  ${place}${state === 'ok' ? '' : `: ${state}`}\n`;
  const why = reason === undefined ? '' : `       ${reason}\n`;
  const more = state === 'ok' ? '       Lines that would add more:\n' : '';
  return `${line}${why}${fix === undefined ? '' : `${more}${indent(fix, 9)}\n`}`;
}

function indent(text: string, by = 2): string {
  return text.trimEnd().replaceAll(/^(?=.)/gm, ' '.repeat(by));
}
