import { resolve } from 'node:path';
import { CommandError, defineCommand } from '../command.ts';
import { Config } from '../config/config.ts';
import { runConsole } from '../console/run-console.ts';
import { startSandboxThread } from '../sandbox/thread.ts';
import { withPort } from './serve.ts';

const scenarios = ['quiet-day', 'sqli-campaign', 'broken-policy', 'source-down'] as const;

export const sandbox = defineCommand({
  name: 'sandbox',
  summary: 'A small cluster in a process, and the console on it: to try everything, without a cluster',
  options: {
    scenario: { type: 'string', value: scenarios.join('|'), default: 'quiet-day', describe: 'the story it tells' },
    seed: { type: 'string', value: 'NUMBER', default: '1', describe: 'the same seed makes the same traffic' },
    port: { type: 'string', value: 'NUMBER', describe: 'of the console; 0 takes a free one (default: $PORT or 7070)' },
    kubeconfig: { type: 'string', value: 'FILE', describe: 'where to write a kubeconfig for kubectl' },
  },
  details: `Nothing it does outlives it. It prints the console's address on standard output; the addresses of the Kubernetes API, Hubble
Relay, Hubble's metrics and the logs on standard error.`,
  async run({ values, io }) {
    const scenario = scenarios.find((name) => name === values.scenario);
    if (scenario === undefined)
      throw new CommandError(`There is no scenario "${values.scenario}". There are: ${scenarios.join(', ')}.`);
    if (!/^\d{1,9}$/.test(values.seed)) throw new CommandError(`--seed is a number, not "${values.seed}".`);
    const sandbox = await startSandboxThread({
      scenario,
      seed: Number(values.seed),
      ...(values.kubeconfig === undefined ? {} : { kubeconfigFile: resolve(values.kubeconfig) }),
    });
    const running = sandbox.places;
    try {
      const firewall = {
        name: 'edge',
        cluster: 'prod-eu1',
        auditLogs: [running.auditLog],
        accessLogs: [running.accessLog],
      };
      const config = Config.parse({
        dataFolder: `${running.folder}/console`,
        clusters: [
          {
            name: 'prod-eu1',
            kubeconfig: running.kubeconfig,
            context: 'prod-eu1',
            relay: { address: running.relayAddress },
          },
        ],
        firewalls: [firewall],
        environments: running.environments,
      });
      io.err(
        [
          `Kubernetes API   kubectl --kubeconfig ${values.kubeconfig ?? running.kubeconfig} get netpol,cnp -A`,
          `Hubble Relay     hubble --server ${running.relayAddress} observe`,
          `Hubble's metrics ${running.metricsUrl}`,
          `Audit log        ${running.auditLog}`,
          `Access log       ${running.accessLog}`,
          '',
        ].join('\n'),
      );
      const port = values.port ?? io.env['PORT'];
      return await runConsole({
        config: port === undefined ? config : withPort(config, port),
        configName: 'the sandbox',
        io,
        historyMade: sandbox.ready,
      });
    } finally {
      await sandbox.close();
    }
  },
});
