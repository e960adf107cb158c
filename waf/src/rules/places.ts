import type { RuleMessage } from '../audit/audit-record.ts';
import type { RuleMatch } from '../transaction.ts';

type Place = RuleMatch['found'][number];

/** Where a match lies: the variable, the text that matched, and its offset and length in the variable's value. */
export function placeOf(message: RuleMessage): Place {
  // A name ends at the first colon with a space behind it: `ARGS:q: value`, `MATCHED_VARS:ARGS:q: value`.
  const logged = /^Matched Data: ([\s\S]*?) found within ([A-Z_]+(?::\S[\s\S]{0,200}?)?)(?:: ([\s\S]*))?$/.exec(
    message.data,
  );
  const described = /against variable `([^']*)' \(Value: `([\s\S]*)' \)/.exec(message.match);
  const within = /^found within ([A-Z_]+(?::[^\s:]+)?)/.exec(message.data)?.[1];
  const variable = described?.[1] ?? logged?.[2] ?? within ?? variableOfLine(message.match);
  const text = logged?.[1] ?? message.data;
  const value = described?.[2] ?? logged?.[3] ?? null;
  const at = value === null || text === '' ? -1 : value.indexOf(text);
  if (at >= 0) return { variable, text, offset: at, length: text.length };
  const operator = /^o(\d{1,7}),(\d{1,7})/.exec(message.reference);
  return operator
    ? { variable, text, offset: Number(operator[1]), length: Number(operator[2]) }
    : { variable, text, offset: null, length: null };
}

/** Version 2 and Coraza: `Pattern match "…" at ARGS:id.` and `matched 5 at TX:anomaly_score`. */
function variableOfLine(match: string): string | null {
  return / at ([A-Z_]+(?::[^\s.]+)?)\.?\s*(?:$|\[)/.exec(match)?.[1] ?? null;
}
