import { mayHoldCards } from '../redact/card-numbers.ts';
import type { TextSpan } from '../redact/redact.ts';
import { secretMarks } from '../redact/secret-names.ts';
import type { BriefMessage } from './audit-record.ts';
import { objectOf } from './json-value.ts';
import { readMessage } from './modsecurity-json.ts';

/** Messages of ModSecurity's JSON, read as far as statistics need them. */
export interface QuickMessages {
  readonly messages: readonly BriefMessage[];
  /** What of the text is not the same in every message of the rule. */
  readonly varying: readonly TextSpan[];
  /** Behind the last message. */
  readonly end: number;
}

/** What messages of one rule have in common, as it is written and as it is read. */
interface Known {
  readonly text: string;
  readonly message: BriefMessage;
  /** From behind `reference` up to the value of `data`. */
  readonly middle: string;
  /** From behind `data` to the end. */
  readonly tail: string;
}

/** Where the strings of one message lie that are not the same in each. */
interface Places {
  readonly text: TextSpan;
  readonly match: TextSpan;
  readonly reference: TextSpan;
  readonly id: string;
}

const opening = '{"message":"';
const beforeMatch = '","details":{"match":"';
const beforeReference = '","reference":"';
const beforeId = '","ruleId":"';
const beforeData = '","data":"';

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

  function knownAt(text: string, at: number, { id, reference }: Places): Known | null {
    const forms = rules.get(id);
    const known = forms?.find(({ middle }) => isAt(text, reference[1], middle));
    if (known) return known;
    if (forms ? forms.length >= mostForms : rules.size >= mostRules) return null;
    const learned = learn(text, at, { id, reference });
    if (!learned) return null;
    if (forms) forms.push(learned);
    else rules.set(id, [learned]);
    return learned;
  }

  return (text, start) => {
    const messages: BriefMessage[] = [];
    const varying: TextSpan[] = [];
    for (let at = start; ; at += 1) {
      const places = placesAt(text, at);
      const known = places && knownAt(text, at, places);
      if (!known) return null;
      const data = stringAt(text, places.reference[1] + known.middle.length);
      if (!data || !isAt(text, data[1], known.tail)) return null;
      const isSame = isAt(text, places.text[0], known.text) && known.text.length === places.text[1] - places.text[0];
      const message = isSame ? known.message : withText(known.message, text.slice(...places.text));
      if (!message) return null;
      messages.push(message);
      if (!isSame) varying.push(places.text);
      varying.push([places.match[0], places.reference[1]], data);
      at = data[1] + known.tail.length;
      if (text.charCodeAt(at) !== 44 /* , */) return { messages, varying, end: at };
    }
  };
}

function isAt(text: string, at: number, part: string): boolean {
  return text.slice(at, at + part.length) === part;
}

/** What stands between the quotes, of which the first is behind us. */
function stringAt(text: string, from: number): TextSpan | null {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text.charCodeAt(escapes - 1) === 92 /* \ */) escapes -= 1;
    if ((at - escapes) % 2 === 0) return [from, at];
  }
  return null;
}

function stringBehind(text: string, at: number, head: string): TextSpan | null {
  return isAt(text, at, head) ? stringAt(text, at + head.length) : null;
}

function placesAt(text: string, at: number): Places | null {
  const own = stringBehind(text, at, opening);
  const match = own && stringBehind(text, own[1], beforeMatch);
  const reference = match && stringBehind(text, match[1], beforeReference);
  const id = reference && stringBehind(text, reference[1], beforeId);
  return id && { text: own, match, reference, id: text.slice(...id) };
}

function withText(message: BriefMessage, written: string): BriefMessage | null {
  const text = parseStrict(`"${written}"`);
  return typeof text === 'string' ? { ...message, text } : null;
}

/** Null where what is the same in each could not be told for certain from what is not. */
function learn(text: string, at: number, { id, reference }: Pick<Places, 'id' | 'reference'>): Known | null {
  const end = endOfMessage(text, at);
  const dataAt = text.indexOf(beforeData, reference[1]);
  const data = dataAt < 0 ? null : stringAt(text, dataAt + beforeData.length);
  const own = stringBehind(text, at, opening);
  if (end < 0 || !own || !data || data[1] >= end) return null;
  const written = {
    text: text.slice(...own),
    middle: text.slice(reference[1], data[0]),
    tail: text.slice(data[1], end),
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
  const holdsSecrets = Object.values(written).some((part) => secretMarks().test(`${part}","`) || mayHoldCards(part));
  const message = isPlain && !holdsSecrets ? withText(briefOf(whole), written.text) : null;
  return message && { message: detached(message), ...detached(written) };
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
