import { readContainerMark } from '../container-line.ts';
import { redact, mayHoldSecrets, redactUpTo } from '../redact/redact.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import type { BriefRecord } from './audit-record.ts';
import { listOf, objectOf } from './json-value.ts';
import { createMessageReader, parseStrict } from './known-messages.ts';
import { readBriefly } from './modsecurity-json.ts';
import { dialectOf, readAudit } from './read-audit.ts';

/** A record as it is kept, and what statistics need of it. */
export interface Intake {
  /** The masked text: `head`, and what the given one has from `rest` on. */
  readonly masked: { readonly head: string; readonly rest: number };
  readonly reading: Reading<BriefRecord> | { readonly ok: 'passed-over'; readonly reason: string | null };
}

const opening = '{"transaction":{';
const beforeMessages = ',"messages":[';
const closing = ']}}';
/** Stands for the messages where the rest is read. */
const probe = 0;

/**
 * Masks and reads records one after the other, to the same result as `redact` and `readAudit`. Four fifths of a record are
 * what its rules write each time: that is parsed, and searched for secrets, once.
 */
export function createIntake(): (text: string, context: ReadingContext) => Intake {
  const readMessages = createMessageReader();

  function takeQuickly(text: string, context: ReadingContext): Intake | null {
    const from = readContainerMark(text)?.from ?? 0;
    const messagesAt = text.startsWith(opening, from) ? text.indexOf(`${beforeMessages}{`, from) : -1;
    if (messagesAt < 0) return null;
    const start = messagesAt + beforeMessages.length;
    const quick = readMessages(text, start);
    if (!quick || text.length !== quick.end + closing.length || !text.endsWith(closing)) return null;
    const head = redactUpTo(text, start);
    if (head === null || mayHoldSecrets(text, quick.varying)) return null;
    const root = objectOf(parseStrict(head.slice(from) + probe + closing));
    if (dialectOf(root) !== 'modsecurity-json') return null;
    // Else the list that was found is another one.
    if (listOf(objectOf(root['transaction'])['messages'])[0] !== probe) return null;
    return { masked: { head, rest: start }, reading: readBriefly(root, quick.messages, context) };
  }

  return (text, context) => takeQuickly(text, context) ?? takeWhole(text, context);
}

function takeWhole(text: string, context: ReadingContext): Intake {
  const head = redact(text);
  return { masked: { head, rest: text.length }, reading: readAudit(head, context) };
}
