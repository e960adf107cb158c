import { RE2JS } from 're2js';

/** Words and `.*`, as most are: nothing to compile. */
const simple = /^(?:[\w/ -]|\.[*+?]?)*$/;

/** Why a text is not a regular expression of Go (RE2), or undefined. */
export function expressionFault(expression: string): string | undefined {
  if (simple.test(expression)) return undefined;
  const fault = faultOf(expression);
  // Go lets groups share a name, unlike RE2's other ports.
  if (fault?.includes('duplicate capture group name')) return faultOf(expression.replaceAll(/\(\?P?<\w+>/g, '('));
  return fault;
}

function faultOf(expression: string): string | undefined {
  try {
    RE2JS.compile(expression);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
