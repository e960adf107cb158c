import { CommandError, defineCommand } from '../command.ts';
import { readConfig } from '../config/read-config.ts';
import { runConsole } from '../console/run-console.ts';

export const serve = defineCommand({
  name: 'serve',
  summary: 'The console on real sources',
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration' },
    port: { type: 'string', value: 'NUMBER', describe: 'instead of the port in the configuration; 0 takes a free one' },
  },
  details: `Prints the console's address on standard output and runs until Ctrl-C. Sources that are down are named on the page
and in /readyz; they are tried again until they answer.`,
  async run({ values, io }) {
    const file = values.config ?? io.env['BARTIZAN_CONFIG'];
    if (file === undefined) throw new CommandError('Say which configuration: bartizan serve --config bartizan.yaml');
    const config = await readConfig(file);
    const port = values.port ?? io.env['PORT'];
    return runConsole({ config: port === undefined ? config : withPort(config, port), configName: file, io });
  },
});

/** The same address with another port. */
export function withPort<C extends { readonly listen: string }>(config: C, port: string): C {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new CommandError(`--port is a number up to 65535, not "${port}".`);
  return { ...config, listen: `${config.listen.slice(0, config.listen.lastIndexOf(':'))}:${port}` };
}
