import type { Command } from './command.ts';

interface Entry {
  readonly summary: string;
  load(): Promise<Command>;
}

/** Every command, in the order of the help. Each is loaded only when it is run or its help is asked for. */
export const commands: Readonly<Record<string, Entry>> = {
  sandbox: {
    summary: 'A small cluster in a process, and the console on it: to try everything, without a cluster',
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  },
  serve: {
    summary: 'The console on real sources',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  doctor: {
    summary: 'Each source of each environment: reachable, permitted, configured; and the exact lines to add',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'waf report': {
    summary: "Counts what a firewall's audit log says: anomalous share, categories, rules, clients, paths",
    load: async () => (await import('./waf/report.ts')).report,
  },
  'waf tune': {
    summary:
      'What the firewall stops that may be ordinary traffic: the narrowest exclusions, and what they would let through',
    load: async () => (await import('./waf/tune.ts')).tune,
  },
  'policy check': {
    summary: 'What the API server and Cilium would refuse, and what they accept but is useless or surprising',
    load: async () => (await import('./policy/check.ts')).check,
  },
  'policy describe': {
    summary: 'What policies do, in plain sentences',
    load: async () => (await import('./policy/describe.ts')).describe,
  },
  'policy rules': {
    summary: 'A policy as Rule mode shows it, or why it cannot; and such rules written back into their manifest',
    load: async () => (await import('./policy/rules.ts')).rules,
  },
  'policy edit': {
    summary: 'Switch policies on or off in their file: prints FILE with only that changed, byte for byte',
    load: async () => (await import('./policy/edit.ts')).edit,
  },
  'policy connectivity': {
    summary: 'Who may connect to whom on what, from manifests of workloads and policies',
    load: async () => (await import('./policy/connectivity.ts')).connectivity,
  },
  'policy diff': {
    summary: 'Connections gained and lost between two sets of manifests',
    load: async () => (await import('./policy/diff.ts')).diff,
  },
  'policy simulate': {
    summary: 'What policies would do to connections that Hubble recorded',
    load: async () => (await import('./policy/simulate.ts')).simulate,
  },
  'policy evaluate': {
    summary: 'Verdicts on connections between endpoints that a file describes',
    load: async () => (await import('./policy/evaluate.ts')).evaluate,
  },
  'policy explain': {
    summary: 'Why a connection is allowed or denied, and what would have allowed it',
    load: async () => (await import('./policy/explain.ts')).explain,
  },
};
