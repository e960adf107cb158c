import { mayHoldCards } from '../redact/card-numbers.ts';
import type { TextSpans } from '../redact/redact.ts';
import { secretMarks } from '../redact/secret-names.ts';
import type { BriefMessage } from './audit-record.ts';
import { objectOf } from './json-value.ts';
import { readMessage } from './modsecurity-json.ts';

/** Messages of ModSecurity's JSON, read as far as statistics need them. */
export interface QuickMessages {
  readonly messages: readonly BriefMessage[];
  /** What of the text is not the same in every message of the rule. */
  readonly varying: TextSpans;
  /** Behind the last message. */
  readonly end: number;
}

/** What messages of one rule have in common, as it is written and as it is read. */
interface Known {
  readonly text: string;
  readonly message: BriefMessage;
  /** How `match` begins: what the rule looks for. */
  readonly matchHead: string;
  /** From behind `reference` up to the value of `data`. */
  readonly middle: string;
  /** From behind `data` to the end. */
  readonly tail: string;
}

const opening = '{"message":"';
const beforeMatch = '","details":{"match":"';
const beforeReference = '","reference":"';
const beforeId = '","ruleId":"';
const beforeData = '","data":"';
const beforeVariable = "' against variable `";

const mostRules = 2000;
/** Of one rule: sites that log into one file may have other versions of it. */
const mostForms = 4;
/** Ends of a message that are tried before it is left to the reader of whole records. */
const mostEnds = 8;

/**
 * Reads the messages of a record of which most were seen before: a rule writes the same around what it found. Whatever is not
 * written exactly as before is parsed; what cannot be read so at all is null, and the whole record has to be.
 */
export function createMessageReader(): (text: string, start: number) => QuickMessages | null {
  const rules = new Map<string, Known[]>();

  /** The form of the rule that a message has of which `reference` ends there. */
  function knownAt(text: string, at: number, referenceEnd: number): Known | null {
    const idAt = referenceEnd + beforeId.length;
    const id = text.slice(idAt, endOfString(text, idAt));
    const forms = rules.get(id);
    for (const form of forms ?? []) if (isAt(text, referenceEnd, form.middle)) return form;
    if (forms ? forms.length >= mostForms : rules.size >= mostRules) return null;
    const learned = learn(text, { at, referenceEnd, id });
    if (!learned) return null;
    if (forms) forms.push(learned);
    else rules.set(learned.message.id, [learned]);
    return learned;
  }

  return (text, start) => {
    const messages: BriefMessage[] = [];
    const varying: number[] = [];
    for (let at = start; ; at += 1) {
      const textAt = behind(text, at, opening);
      const textEnd = endOfString(text, textAt);
      const matchAt = behind(text, textEnd, beforeMatch);
      const matchEnd = endOfString(text, matchAt);
      const referenceEnd = endOfString(text, behind(text, matchEnd, beforeReference));
      const known = referenceEnd < 0 ? null : knownAt(text, at, referenceEnd);
      if (!known) return null;
      const dataAt = referenceEnd + known.middle.length;
      const dataEnd = endOfString(text, dataAt);
      if (dataEnd < 0 || !isAt(text, dataEnd, known.tail)) return null;
      const isSame = known.text.length === textEnd - textAt && isAt(text, textAt, known.text);
      const message = isSame ? known.message : withText(known.message, text.slice(textAt, textEnd));
      if (!message) return null;
      messages.push(message);
      if (!isSame) varying.push(textAt, textEnd);
      varying.push(isAt(text, matchAt, known.matchHead) ? matchAt + known.matchHead.length : matchAt, referenceEnd);
      varying.push(dataAt, dataEnd);
      at = dataEnd + known.tail.length;
      if (text.charCodeAt(at) !== 44 /* , */) return { messages, varying, end: at };
    }
  };
}

function isAt(text: string, at: number, part: string): boolean {
  return text.slice(at, at + part.length) === part;
}

/** Behind what stands there; -1 where it does not, or where there is no place. */
function behind(text: string, at: number, part: string): number {
  return at >= 0 && isAt(text, at, part) ? at + part.length : -1;
}

/** Where the quote stands that ends a string, of which the first quote is behind us; -1 where it does not end. */
function endOfString(text: string, from: number): number {
  if (from < 0) return -1;
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text.charCodeAt(escapes - 1) === 92 /* \ */) escapes -= 1;
    if ((at - escapes) % 2 === 0) return at;
  }
  return -1;
}

function withText(message: BriefMessage, written: string): BriefMessage | null {
  const text = parseStrict(`"${written}"`);
  return typeof text === 'string' ? { ...message, text } : null;
}

/** Null where what is the same in each could not be told for certain from what is not. */
function learn(
  text: string,
  place: { readonly at: number; readonly referenceEnd: number; readonly id: string },
): Known | null {
  const { at, referenceEnd, id } = place;
  const end = endOfMessage(text, at);
  const textAt = at + opening.length;
  const textEnd = endOfString(text, textAt);
  const matchAt = textEnd + beforeMatch.length;
  const dataAt = text.indexOf(beforeData, referenceEnd) + beforeData.length;
  const dataEnd = endOfString(text, dataAt);
  if (end < 0 || dataAt < referenceEnd || dataEnd < 0 || dataEnd >= end || !isAt(text, referenceEnd, beforeId))
    return null;
  const written = {
    text: text.slice(textAt, textEnd),
    matchHead: matchHeadOf(text.slice(matchAt, endOfString(text, matchAt))),
    middle: text.slice(referenceEnd, dataAt),
    tail: text.slice(dataEnd, end),
  };
  // Parsed with other strings in their places, all else must be the same: no name stands there twice.
  const probe = `${opening}a${beforeMatch}b${beforeReference}c${written.middle}d${written.tail}`;
  const whole = objectOf(parseStrict(probe));
  const details = objectOf(whole['details']);
  const isPlain =
    whole['message'] === 'a' &&
    details['match'] === 'b' &&
    details['reference'] === 'c' &&
    details['data'] === 'd' &&
    details['ruleId'] === id;
  const holdsSecrets = Object.values(written).some(mayNameSecrets);
  const message = isPlain && !holdsSecrets ? withText(briefOf(whole), written.text) : null;
  return message && { message: detached(message), ...detached(written) };
}

/** Up to the variable; it may be all that mentions a secret's name, and then it is searched each time. */
function matchHeadOf(match: string): string {
  const head = match.slice(0, match.indexOf(beforeVariable) + beforeVariable.length);
  return head.endsWith(beforeVariable) && !mayNameSecrets(head) ? head : '';
}

function mayNameSecrets(part: string): boolean {
  return secretMarks().test(`${part}","`) || mayHoldCards(part);
}

function briefOf(value: unknown): BriefMessage {
  const { id, text, severity, tags, version } = readMessage(value);
  return { id, text, severity, tags, version };
}

/** Behind the first bracket that makes a whole of it. */
function endOfMessage(text: string, at: number): number {
  let end = text.indexOf('}}', at);
  for (let tried = 0; end >= 0 && tried < mostEnds; tried += 1) {
    if (parseStrict(text.slice(at, end + 2)) !== undefined) return end + 2;
    end = text.indexOf('}}', end + 1);
  }
  return -1;
}

export function parseStrict(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A copy: a part of a text keeps all of it in memory. */
function detached<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
