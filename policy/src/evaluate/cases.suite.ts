import { readdirSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { Endpoint, EngineOptions, Flow } from '../model/world.ts';

/** A case of `policy/cases/*.yaml`: see the README there. */
export interface EvaluationCase {
  readonly file: string;
  readonly rule: string;
  readonly says: string;
  readonly options: EngineOptions;
  readonly endpoints: readonly Endpoint[];
  /** All manifests as one text. */
  readonly manifests: string;
  readonly questions: readonly Question[];
}

export interface Question {
  readonly text: string;
  readonly flow: Flow;
  /** `allowed/denied`: egress and ingress. */
  readonly verdict: string;
  /** `KIND/NAME RULE EFFECT` */
  readonly because?: readonly string[] | undefined;
}

interface Written {
  readonly rule: string;
  readonly says: string;
  readonly as?: EngineOptions['as'];
  readonly options?: EngineOptions;
  readonly ends?: Readonly<Record<string, object>>;
  readonly cnp?: object;
  readonly ccnp?: object;
  readonly knp?: object;
  readonly manifests?: readonly object[];
  readonly verdicts: Readonly<Record<string, string>>;
  readonly because?: Readonly<Record<string, readonly string[]>>;
}

const folder = new URL('../../cases/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** Every case of evaluation: those whose rule is of `evaluation.md`. */
export function readCases(): readonly EvaluationCase[] {
  const world = parse(read('world.yaml')) as Readonly<Record<string, object>>;
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'world.yaml');
  return files.flatMap((file) => {
    const cases = parse(read(file)) as readonly Written[];
    return cases.filter(({ rule }) => /^(EVAL|K8S)-/.test(rule)).map((each) => caseOf(file, each, world));
  });
}

/** The numbers of all rules, as `evaluation.md` has them. */
export function readRuleNumbers(): readonly string[] {
  const text = readFileSync(new URL('../../spec/evaluation.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^- \*\*((?:EVAL|K8S)-\d+)\*\*/gm)].map((match) => match[1] ?? '');
}

function caseOf(file: string, written: Written, world: Readonly<Record<string, object>>): EvaluationCase {
  const ends = Object.entries({ ...world, ...written.ends });
  const manifests = [
    ...(written.manifests ?? []),
    ...policies('CiliumNetworkPolicy', written.cnp),
    ...policies('CiliumClusterwideNetworkPolicy', written.ccnp),
    ...policies('NetworkPolicy', written.knp),
  ];
  return {
    file,
    rule: written.rule,
    says: written.says,
    options: { ...written.options, ...(written.as ? { as: written.as } : {}) },
    endpoints: ends.map(([id, end]) => ({ ...end, id })),
    manifests: manifests.map((manifest) => stringify(manifest)).join('---\n'),
    questions: Object.entries(written.verdicts).map(([text, verdict]) => ({
      text,
      flow: flowOf(text),
      verdict,
      because: written.because?.[text],
    })),
  };
}

function policies(kind: string, specs: object | undefined): object[] {
  const list = specs === undefined ? [] : Array.isArray(specs) ? specs : [specs];
  return list.map((spec: unknown, index) => ({
    apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
    kind,
    metadata: {
      name: list.length === 1 ? 'p' : `p${index}`,
      ...(kind === 'CiliumClusterwideNetworkPolicy' ? {} : { namespace: 'shop' }),
    },
    spec,
  }));
}

/** `web > api 80/TCP`, with a request behind it: `GET /path host`, or the name of a DNS query. */
function flowOf(text: string): Flow {
  const [, from, to, port, protocol, request] = /^(\S+) > (\S+) (\S+?)\/(\S+)(?: (.*))?$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new Error(`This is not a question: ${text}`);
  const flow = { from, to, port, protocol };
  if (request === undefined) return flow;
  const [method = '', path, host] = request.split(' ');
  return path === undefined ? { ...flow, dns: { name: method } } : { ...flow, http: { method, path, host } };
}
