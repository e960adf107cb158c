import { denyingRules } from '../rules/catalogue.ts';
import { isEvaluation } from '../rules/rule-kind.ts';
import { hashOf } from './hash.ts';
import { literalPattern } from './path-template.ts';
import type { PathTemplate } from './path-template.ts';

/** One rule not applied to one variable (`target`; null: not at all) where the path fits. */
export interface Exclusion {
  readonly rule: string;
  readonly target: string | null;
  /** The whole path, or what it is a case of. */
  readonly path: PathTemplate;
}

export type ExclusionResult =
  | { readonly ok: true; readonly value: Exclusion }
  | { readonly ok: false; readonly reason: string };

/** The narrowest exclusion for what a rule found in a variable; the reason where there is none that would help. */
export function exclusionFor(match: {
  readonly rule: string;
  readonly variable: string | null;
  readonly path: PathTemplate;
}): ExclusionResult {
  const { rule, variable, path } = match;
  if (isEvaluation(rule))
    return refused(`Rule ${rule} only compares the sum with the threshold: without it the firewall stops nothing.`);
  if (denyingRules.has(rule))
    return refused(
      'The body could not be read, so no other rule looked into it: mend the request or its Content-Type.',
    );
  if (!/^\d{1,9}$/.test(rule)) return refused('The log does not say which rule matched.');
  return { ok: true, value: { rule, target: targetOf(rule, variable), path } };
}

function refused(reason: string): ExclusionResult {
  return { ok: false, reason };
}

/** A path that is meant as it stands. */
export function exactPath(path: string): PathTemplate {
  return { text: path, pattern: literalPattern(path) };
}

const collections =
  /^(?:ARGS|ARGS_GET|ARGS_POST|ARGS_NAMES|ARGS_GET_NAMES|ARGS_POST_NAMES|REQUEST_COOKIES|REQUEST_COOKIES_NAMES|REQUEST_HEADERS|REQUEST_HEADERS_NAMES|FILES|FILES_NAMES)$/;
const scalars =
  /^(?:REQUEST_URI|REQUEST_URI_RAW|REQUEST_FILENAME|REQUEST_BASENAME|REQUEST_LINE|REQUEST_BODY|QUERY_STRING)$/;
/** Anything else would need quoting that the engines do not agree on. */
const plainName = /^[\w.\-[\]@$]{1,200}$/;

/**
 * Rules whose logged variable is looked at by a second rule chained to them: a target taken from them changes nothing. Rules
 * 920xxx count, compare or chain as well, but for those that look into every argument.
 */
const chained = /^(?:920(?!(?:230|27[0-4]|460|540)$)\d{3}|921180|922\d{3}|943(?:110|120))$/;

/** As the log names it (`ARGS:json.filter`), or null where the engine cannot leave it out by itself. */
export function targetOf(rule: string, variable: string | null): string | null {
  if (variable === null || chained.test(rule)) return null;
  // Behind a chain the engine names what the first rule matched.
  const own = variable.replace(/^(?:MATCHED_VARS?:|TX:rfi_parameter_)(?=[A-Z])/, '');
  const [collection = '', name] = own.split(/:(.*)/s);
  if (name === undefined) return scalars.test(collection) ? own : null;
  return collections.test(collection) && plainName.test(name) ? own : null;
}

const idsFrom = 10_000;
const idsTo = 99_999;

/** Rule ids from the range that is kept for a site's own rules; the same exclusion gets the same, if it is free. */
export function exclusionIds(exclusions: readonly Exclusion[], taken: ReadonlySet<number> = new Set()): number[] {
  const used = new Set(taken);
  return exclusions.map((exclusion) => {
    const span = idsTo - idsFrom + 1;
    let id = idsFrom + (Number.parseInt(exclusionKey(exclusion).slice(0, 8), 16) % span);
    while (used.has(id)) id = idsFrom + ((id + 1 - idsFrom) % span);
    used.add(id);
    return id;
  });
}

export function exclusionKey({ rule, target, path }: Exclusion): string {
  return hashOf([rule, target ?? '', path.text].join('\0'));
}
