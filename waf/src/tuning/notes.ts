import type { TransactionDetail } from '../transaction.ts';
import type { Exclusion } from './exclusion.ts';

/** `ARGS:json.items.array_3.name` (ModSecurity 3), `ARGS:json.items.3.name` (Coraza), `ARGS:items[3]`. */
const element = /\.(?:array_)?\d+(?:\.|$)|\[\d+\]/;

/** What to know before one relies on exclusions; by the firewalls that wrote the records. */
export function notesOn(
  exclusions: readonly Exclusion[],
  products: readonly NonNullable<TransactionDetail['product']>[],
): string[] {
  const notes = ['Include them before the rule set: a rule that has run cannot be taken back.'];
  const whole = exclusions.filter(({ target }) => target === null).map(({ rule }) => rule);
  if (whole.length > 0)
    notes.push(
      `Rule ${[...new Set(whole)].join(', ')} is left out as a whole on its path: the engine cannot leave out only the variable it names, or the log names none.`,
    );
  const elements = exclusions.flatMap(({ target }) => (target !== null && element.test(target) ? [target] : []));
  if (elements.length > 0)
    notes.push(
      `${[...new Set(elements)].join(', ')} is one element of a list, and each element has a name of its own: where others match as well, they are groups of their own. ModSecurity 3 takes no pattern in ctl:ruleRemoveTargetById.`,
    );
  if (products.some((name) => name.startsWith('ModSecurity')))
    notes.push(
      'Known to work with ModSecurity 3 on nginx and the Core Rule Set 3.3 and 4, in a file as well as in the annotation of ingress-nginx, which must allow snippets; ModSecurity 2 documents the same.',
    );
  if (products.includes('Coraza'))
    notes.push(
      'On Coraza the effect must be proved: builds are known that accept ctl:ruleRemoveTargetById and ignore it. Send one of these requests again and see that the rule no longer matches.',
    );
  notes.push('It is mended only once later requests of this kind no longer match: look here again after it is loaded.');
  return notes;
}
