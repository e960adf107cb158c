import type { TransactionDetail } from '../transaction.ts';
import type { Exclusion } from './exclusion.ts';

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
