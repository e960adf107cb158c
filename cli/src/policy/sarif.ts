import { createHash } from 'node:crypto';
import { isAbsolute, relative } from 'node:path';
import type { FoundProblem } from './check.ts';

/** The problems as SARIF 2.1.0, as code hosts take it: relative addresses, a rule for each code, stable fingerprints. */
export function toSarif(problems: readonly FoundProblem[]): object {
  const codes = [...new Set(problems.map(({ code }) => code))].toSorted();
  const rules = codes.map((code) => ({
    id: code,
    name: code.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `Network policy: ${code.replaceAll('-', ' ')}` },
    properties: { tags: ['kubernetes', 'network-policy'] },
  }));
  const driver = { name: 'Bartizan', semanticVersion: '0.1.0', rules };
  const results = problems.map((problem) => toResult(problem, codes.indexOf(problem.code)));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
}

function toResult(problem: FoundProblem, ruleIndex: number): object {
  const { code, severity, refusedBy, message, file, line, column, policy, path } = problem;
  const by =
    refusedBy === undefined ? '' : ` Refused by ${refusedBy === 'cilium' ? "Cilium's agent" : 'the API server'}.`;
  const region = { startLine: line ?? 1, startColumn: column ?? 1 };
  const subject = policy === '' ? '' : `${policy}: `;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: `${subject}${message}${/[.?!]$/.test(message) ? '' : '.'}${by}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }],
    partialFingerprints: { 'bartizan/v1': fingerprint([code, file, policy, path, message]) },
    properties: { policy, path, ...(refusedBy === undefined ? {} : { refusedBy }) },
  };
}

/** Relative to the folder the command runs in, where that is possible: code hosts know no other. */
function uriOf(file: string): string {
  const near = isAbsolute(file) ? relative('.', file) : file;
  const name = near.startsWith('..') ? file : near;
  const plain = file === '<stdin>' ? 'stdin' : name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  return plain.split('/').map(encodeURIComponent).join('/');
}

/** The same for the same fault wherever its line moves to. */
function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
