import { ciliumVersions, defaultCiliumVersion, isPolicy, learnsNames, policyRef, validate } from '@bartizan/policy';
import type { CiliumVersion, Manifest, Problem } from '@bartizan/policy';
import { defineCommand, UsageError } from '../command.ts';
import type { Io } from '../command.ts';
import type { Gap } from './flow-gaps.ts';
import { gapLines } from './gap-lines.ts';
import { clusterHelp, clusterKinds, clusterOptions, sourcesOf } from './manifest-source.ts';
import type { ManifestSource } from './manifest-source.ts';
import { reportProgress } from './progress.ts';
import { noPolicy, readManifestFiles } from './read-manifests.ts';
import { toSarif } from './sarif.ts';

export interface FoundProblem extends Problem {
  readonly file: string;
  /** `Kind/namespace/name`; empty where no object could be read. */
  readonly policy: string;
}

export interface CheckReport {
  readonly ok: boolean;
  readonly policies: number;
  readonly problems: readonly FoundProblem[];
  /** What a cluster did not let us read. */
  readonly gaps?: readonly Gap[];
}

export const check = defineCommand({
  name: 'policy check',
  summary: 'What the API server and Cilium would refuse, and what they accept but is useless or surprising',
  args: 'PATH…',
  positionals: {},
  options: {
    ...clusterOptions,
    output: {
      type: 'string',
      short: 'o',
      value: 'json|sarif|text',
      default: 'json',
      describe: 'how to print the problems',
    },
    cilium: {
      type: 'string',
      value: 'VERSION',
      default: defaultCiliumVersion,
      describe: `whose agent judges: ${ciliumVersions.join(', ')}`,
    },
    'fail-on': { type: 'string', value: 'error|warning', default: 'error', describe: 'what makes the exit code 1' },
  },
  details: `PATH is a file, a folder (read with everything below: *.yaml, *.yml, *.json) or - for standard input. Objects of other
kinds are passed over. Exit code 1 when there is an error (or a warning, with --fail-on warning), 2 when a PATH cannot be read.

${clusterHelp} A file is then CONTEXT/KIND/NAMESPACE/NAME, and its lines are those of the
manifest as the console shows it.`,
  async run({ values, positionals, io }) {
    const format = choice('output', values.output, ['json', 'sarif', 'text'] as const);
    const failOn = choice('fail-on', values['fail-on'], ['error', 'warning'] as const);
    const kinds = clusterKinds.policies;
    const sources = sourcesOf(positionals, values, { command: 'policy check', kinds, isExclusive: true });
    const { report, isComplete } = await checkPaths(sources, versionOf(values.cilium), io);
    await io.out(print(report, format));
    if (!isComplete) return 2;
    if (report.policies === 0) io.err(noPolicy);
    const findings = failOn === 'warning' ? report.problems.length > 0 : !report.ok;
    return findings ? 1 : 0;
  },
});

function choice<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === value);
  if (found === undefined) throw new UsageError(`--${option} is one of ${choices.join(', ')}, not "${value}".`);
  return found;
}

/** `1.20`, `1.20.2` and `v1.20.2` are the same here. */
function versionOf(value: string): CiliumVersion {
  const minor = /^v?(\d+\.\d+)(?:\.\d+.*|-.*)?$/.exec(value)?.[1];
  return choice('cilium', minor ?? value, ciliumVersions);
}

async function checkPaths(
  sources: readonly ManifestSource[],
  cilium: CiliumVersion,
  io: Io,
): Promise<{ report: CheckReport; isComplete: boolean }> {
  const problems: FoundProblem[] = [];
  const identities = new Map<string, string>();
  const learning = new Set<string>();
  const gaps: Gap[] = [];
  let policies = 0;
  let isComplete = true;
  const progress = reportProgress(io, 'files checked');
  for await (const file of readManifestFiles(sources, io)) {
    if (file.isUnreadable || file.gaps?.length) isComplete = false;
    gaps.push(...(file.gaps ?? []));
    problems.push(...file.problems.map((problem) => ({ ...problem, file: file.file, policy: '' })));
    for (const manifest of file.manifests) {
      if (isPolicy(manifest)) policies++;
      if (isPolicy(manifest) && learnsNames(manifest)) learning.add(scopeOf(manifest));
      const found = [...validate(manifest, { cilium }), ...findTwin(manifest, file.file, identities)];
      problems.push(...found.map((problem) => ({ ...problem, file: file.file, policy: refOf(manifest) })));
    }
    progress.step();
  }
  progress.end();
  const standing = problems.filter(({ code, policy }) => code !== 'fqdn-without-dns' || !isLearnt(policy, learning));
  const ok = !standing.some(({ severity }) => severity === 'error');
  const report = { ok, policies, problems: standing, ...(gaps.length === 0 ? {} : { gaps }) };
  return { report, isComplete };
}

function refOf({ kind, namespace, name }: Manifest): string {
  const isClusterScoped = kind === 'CiliumClusterwideNetworkPolicy' || kind === 'CiliumCIDRGroup';
  return policyRef(kind, isClusterScoped ? '' : namespace || 'default', name);
}

/** Where a policy applies: its namespace, or everywhere. */
function scopeOf({ kind, namespace }: Manifest): string {
  return kind === 'CiliumClusterwideNetworkPolicy' ? '*' : namespace || 'default';
}

/** Whether another policy of the same pods, as far as namespaces tell, lets Cilium learn names. */
function isLearnt(policy: string, learning: ReadonlySet<string>): boolean {
  const [, namespace = ''] = policy.split('/');
  const isClusterScoped = policy.split('/').length === 2;
  return learning.has('*') || (isClusterScoped ? learning.size > 0 : learning.has(namespace));
}

/** Two objects of one name: the one applied last replaces the other. */
function findTwin(manifest: Manifest, file: string, identities: Map<string, string>): readonly Problem[] {
  if (!isPolicy(manifest) || manifest.name === '') return [];
  const ref = refOf(manifest);
  const place = manifest.place('metadata.name');
  const first = identities.get(ref);
  if (first === undefined) {
    identities.set(ref, `${file}:${place.line}`);
    return [];
  }
  const message = `${ref} stands at ${first} already: whichever is applied last replaces the other, so rename or remove one`;
  return [{ code: 'same-name', severity: 'warning', message, path: 'metadata.name', ...place }];
}

function print(report: CheckReport, format: 'json' | 'sarif' | 'text'): string {
  if (format === 'json') return `${JSON.stringify(report, fieldOrder, 2)}\n`;
  return format === 'sarif' ? `${JSON.stringify(toSarif(report.problems), null, 2)}\n` : toText(report);
}

/** One order of fields, so that reports can be compared. */
const fieldOrder = [
  'ok',
  'policies',
  'problems',
  'file',
  'line',
  'column',
  'policy',
  'code',
  'severity',
  'refusedBy',
  'message',
  'path',
  'gaps',
  'source',
  'reason',
];

function toText({ policies, problems, gaps = [] }: CheckReport): string {
  const lines = problems.map(({ file, line, column, severity, refusedBy, code, message, policy }) => {
    const where = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    const by = refusedBy === undefined ? '' : ` (refused by ${refusedBy === 'cilium' ? 'Cilium' : 'the API server'})`;
    return `${where}: ${severity}: ${message}${by} [${code}]${policy === '' ? '' : ` ${policy}`}`;
  });
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = `${count(policies, 'policy', 'policies')}, ${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}`;
  return `${gapLines(gaps)}${[...lines, counts].join('\n')}\n`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
