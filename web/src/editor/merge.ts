import { parse } from 'yaml';
import { diffLines } from '../diff/diff-lines.ts';

/** A stretch of a three-way merge: lines that are settled, or two ways on from the same lines. */
export type MergePart =
  | { readonly kind: 'settled'; readonly lines: readonly string[] }
  | {
      readonly kind: 'conflict';
      readonly base: readonly string[];
      readonly yours: readonly string[];
      readonly theirs: readonly string[];
    };

interface Hunk {
  /** Lines of the base that it replaces: from, and up to but without. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Joins two changes of one text: what only one side changed is taken, what both changed differently is a conflict. */
export function mergeTexts(texts: {
  readonly base: string;
  readonly yours: string;
  readonly theirs: string;
}): readonly MergePart[] {
  const base = linesOf(texts.base);
  const yours = hunksOf(texts.base, texts.yours);
  const theirs = hunksOf(texts.base, texts.theirs);
  const parts: MergePart[] = [];
  let [at, left, right] = [0, 0, 0];
  while (left < yours.length || right < theirs.length) {
    const from = Math.min(yours[left]?.from ?? Infinity, theirs[right]?.from ?? Infinity);
    const region = grow({ yours, theirs, left, right, from });
    settle(parts, base.slice(at, region.from));
    const change = {
      base: base.slice(region.from, region.to),
      yours: applied(base, yours.slice(left, region.left), region),
      theirs: applied(base, theirs.slice(right, region.right), region),
    };
    join(parts, change);
    at = region.to;
    ({ left, right } = region);
  }
  settle(parts, base.slice(at));
  return parts;
}

/** The lines of the base that both sides' touching changes cover together. */
function grow(asked: {
  readonly yours: readonly Hunk[];
  readonly theirs: readonly Hunk[];
  readonly left: number;
  readonly right: number;
  readonly from: number;
}): { readonly from: number; readonly to: number; readonly left: number; readonly right: number } {
  const { yours, theirs, from } = asked;
  let { left, right } = asked;
  let to = from;
  for (;;) {
    const next = [yours[left], theirs[right]].filter((hunk) => hunk !== undefined && hunk.from <= to);
    if (next.length === 0) return { from, to, left, right };
    if (yours[left] && next.includes(yours[left])) {
      to = Math.max(to, yours[left]?.to ?? to);
      left += 1;
    } else {
      to = Math.max(to, theirs[right]?.to ?? to);
      right += 1;
    }
  }
}

function applied(
  base: readonly string[],
  hunks: readonly Hunk[],
  { from, to }: { from: number; to: number },
): string[] {
  const lines: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    lines.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...base.slice(at, to)];
}

function join(
  parts: MergePart[],
  { base, yours, theirs }: { base: readonly string[]; yours: readonly string[]; theirs: readonly string[] },
): void {
  if (isSame(theirs, base)) settle(parts, yours);
  else if (isSame(yours, base)) settle(parts, theirs);
  else if (saysTheSame(yours, theirs)) settle(parts, yours.some(mayHaveComment) ? yours : theirs);
  else parts.push({ kind: 'conflict', base, yours, theirs });
}

function settle(parts: MergePart[], lines: readonly string[]): void {
  const last = parts.at(-1);
  if (lines.length === 0) return;
  if (last?.kind === 'settled') parts[parts.length - 1] = { kind: 'settled', lines: [...last.lines, ...lines] };
  else parts.push({ kind: 'settled', lines });
}

/** The cluster's text has its own quotes and layout: two spellings of one thing are no conflict. */
function saysTheSame(a: readonly string[], b: readonly string[]): boolean {
  if (isSame(a, b)) return true;
  try {
    const [left, right] = [a, b].map((lines) => JSON.stringify(parse(lines.join('\n'))));
    return left === right && left !== 'null';
  } catch {
    return false;
  }
}

function mayHaveComment(line: string): boolean {
  return /(?:^|\s)#/.test(line);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

function hunksOf(base: string, changed: string): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let [at, from] = [0, 0];
  let open: string[] | null = null;
  const close = () => {
    if (open) hunks.push({ from, to: at, lines: open });
    open = null;
  };
  for (const { kind, text } of diffLines(base, changed)) {
    if (kind === 'same') close();
    else if (!open) [open, from] = [[], at];
    if (kind === 'added') open?.push(text);
    else at += 1;
  }
  close();
  return hunks;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Whether both sides' lines can stand one after the other: a key that both have would be there twice. */
export function canKeepBoth({ yours, theirs }: Extract<MergePart, { kind: 'conflict' }>): boolean {
  const mine = keysOf(yours);
  return !keysOf(theirs).some((key) => mine.includes(key));
}

/** Keys of the outermost mapping, with their indentation; items of a list have none to share. */
function keysOf(lines: readonly string[]): readonly string[] {
  const outermost = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.flatMap((line) =>
    line.search(/\S/) === outermost ? (/^ *[^\s#-][^:]*:(?= |$)/.exec(line)?.[0] ?? []) : [],
  );
}

export type Side = 'yours' | 'theirs' | 'both';

/** The merged text once each conflict has its answer; undefined answers leave it open. */
export function mergedText(parts: readonly MergePart[], choices: readonly (Side | undefined)[]): string | null {
  let conflict = -1;
  const lines: string[] = [];
  for (const part of parts) {
    if (part.kind === 'settled') {
      lines.push(...part.lines);
      continue;
    }
    conflict += 1;
    const choice = choices[conflict];
    if (choice === undefined) return null;
    if (choice !== 'theirs') lines.push(...part.yours);
    if (choice !== 'yours') lines.push(...part.theirs);
  }
  return `${lines.join('\n')}\n`;
}
