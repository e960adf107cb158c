import type { PolicyKind, PolicyWords } from '@bartizan/api';
import {
  changeRules,
  describePolicy,
  isArray,
  isObject,
  printManifest,
  printRules,
  readManifests,
  setEnforcement,
  toRules,
  validate,
} from '@bartizan/policy';
import type {
  JsonObject,
  JsonValue,
  Manifest,
  ManifestSet,
  PolicyRules,
  Problem,
  Reason,
  RulesResult,
  Sentence,
} from '@bartizan/policy';
import { Lexer } from 'yaml';
import { formatYaml } from './format-yaml.ts';

/** Everything the editor shows of a text, thought out away from the page. */
export interface Reading {
  readonly text: string;
  readonly rules: RulesResult;
  readonly problems: readonly Problem[];
  /** Null where there is no policy that could be described. */
  readonly words: PolicyWords | null;
  /** What the text says it is; null where that cannot be read. */
  readonly ref: { readonly kind: PolicyKind; readonly namespace: string; readonly name: string } | null;
  /** The cluster keeps none of them. */
  readonly comments: number;
}

export type Changed =
  | { readonly ok: true; readonly reading: Reading }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What the lexer puts before a text without quotes. */
const scalarFollows = '\u001f';
const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;

/** What can be asked of the worker; each answer depends on its input alone. */
export function createThoughts() {
  /** The newest text as it was read: the next change is most often one to it. */
  let known: ManifestSet | null = null;
  const setOf = (text: string): ManifestSet => {
    if (known?.text !== text) known = readManifests(text);
    return known;
  };
  const apply = ({ text, rules }: { readonly text: string; readonly rules: PolicyRules }): Changed => {
    const changed = changeRules(setOf(text), rules);
    if (!changed.ok) return changed;
    known = changed.value;
    return { ok: true, reading: readSet(changed.value) };
  };
  return { read: (text: string) => readSet(setOf(text)), apply, print, open, copy, disable, format };
}

export type Thoughts = ReturnType<typeof createThoughts>;

function read(text: string): Reading {
  return readSet(readManifests(text));
}

function readSet({ text, manifests, problems }: ManifestSet): Reading {
  const [manifest, second] = manifests;
  const kind = kinds.find((known) => known === manifest?.kind);
  if (!manifest || second || !kind) return { ...unread(text), ...notOnePolicy(manifests, problems) };
  const found: readonly Problem[] = [...problems, ...manifest.duplicates, ...validate(manifest)];
  const namespace = kind === 'CiliumClusterwideNetworkPolicy' ? '' : manifest.namespace;
  return {
    text,
    rules: problems.length > 0 ? { ok: false, reasons: problems } : toRules(manifest),
    problems: distinct(found),
    words: wordsOf(manifest.object),
    ref: { kind, namespace, name: manifest.name },
    comments: countComments(text),
  };
}

function unread(text: string): Pick<Reading, 'text' | 'words' | 'ref' | 'comments'> {
  return { text, words: null, ref: null, comments: countComments(text) };
}

function notOnePolicy(
  manifests: readonly Manifest[],
  problems: readonly Problem[],
): Pick<Reading, 'rules' | 'problems'> {
  const found = problems.length > 0 ? problems : [notOne(manifests)];
  return { rules: { ok: false, reasons: found }, problems: found };
}

function notOne([first, second]: readonly Manifest[]): Problem {
  const say = (code: string, message: string, manifest?: Manifest): Problem => ({
    code,
    severity: 'error',
    message,
    path: '',
    ...manifest?.place(''),
  });
  if (!first) return say('no-policy', 'There is no policy in this text.');
  if (second) return say('several-policies', 'This text has several objects: write one policy at a time.', second);
  return say('unknown-kind', `“${first.kind}” is no policy: it is one of ${kinds.join(', ')}.`, first);
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function wordsOf(object: JsonObject): PolicyWords {
  const words = describePolicy(object);
  const parts = (sentence: Sentence) => sentence.parts.map(({ kind, text }) => ({ kind, text }));
  const summary = [...words.status, ...words.specs.flatMap((spec) => spec.summary)];
  return {
    summary: summary.flatMap((sentence, index) =>
      index === 0 ? parts(sentence) : [{ kind: 'text', text: ' ' }, ...parts(sentence)],
    ),
    rules: words.specs.flatMap((spec) => spec.rules.map(parts)),
    notes: words.specs.flatMap((spec) => spec.notes.map(parts)),
  };
}

/** A `#` inside of a text begins no comment: only where there is one at all is the whole taken apart. */
function countComments(text: string): number {
  if (!/(^|\s)#/m.test(text)) return 0;
  const tokens = [...new Lexer().lex(text)];
  return tokens.filter((token, at) => token.startsWith('#') && tokens[at - 1] !== scalarFollows).length;
}

/** A new text that says these rules. A name that is still to be given is left open, not quoted. */
function print(rules: PolicyRules): Changed {
  const text = printRules(rules);
  const reading = read(rules.name === '' ? text.replace(/^( {2}name:) ""$/m, '$1') : text);
  if (!reading.rules.ok) return { ok: false, problems: reading.rules.reasons.map(asProblem) };
  return { ok: true, reading };
}

function asProblem(reason: Reason): Problem {
  return { ...reason, severity: 'error' };
}

const serverFields = ['resourceVersion', 'uid', 'creationTimestamp', 'generation', 'managedFields', 'selfLink'];

/** The cluster's manifest without what the API server adds to it. */
function open(manifest: string): Reading {
  const object = readManifests(manifest).manifests[0]?.object;
  return read(object ? printManifest(withoutFields(object, serverFields)) : manifest);
}

/** The same policy under another name, without the marks of who owned the first. */
function copy({ manifest, name }: { readonly manifest: string; readonly name: string }): Reading {
  const object = readManifests(manifest).manifests[0]?.object;
  if (!object) return read(manifest);
  const plain = withoutFields(object, [...serverFields, 'ownerReferences', 'finalizers']);
  const metadata = isObject(plain['metadata']) ? plain['metadata'] : {};
  return read(printManifest({ ...plain, metadata: { ...metadata, name } }));
}

function withoutFields(object: JsonObject, fields: readonly string[]): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const kept = Object.entries(metadata).filter(([key]) => !fields.includes(key));
  return { ...object, metadata: Object.fromEntries(kept) };
}

/** The same policy switched off: what the cluster would be without it. */
function disable(text: string): Changed {
  const off = setEnforcement(text, { enabled: false });
  return off.ok ? { ok: true, reading: read(off.value) } : off;
}

/** The same object and comments, laid out evenly; refused where that would change what the text says. */
function format(text: string): Changed {
  const formatted = formatYaml(text);
  if (!formatted.ok) return { ok: false, problems: [cannotFormat(formatted.reason)] };
  const [before, after] = [text, formatted.text].map((one) => readManifests(one).manifests.map(({ object }) => object));
  const isSame = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
  if (isSame) return { ok: true, reading: read(formatted.text) };
  return { ok: false, problems: [cannotFormat('the layout carries meaning here')] };
}

function cannotFormat(reason: string): Problem {
  return { code: 'cannot-format', severity: 'error', message: `It is left as it is: ${reason}.`, path: '' };
}

function sorted(value: JsonValue | undefined): JsonValue {
  if (isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}
