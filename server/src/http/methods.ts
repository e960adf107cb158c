import { routes } from '@bartizan/api';
import { HttpProblem } from './problem.ts';

const patterns = Object.values(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** What the contract has at a path; empty where it has nothing. */
export function methodsOf(path: string): readonly string[] {
  const found = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return [...new Set(found.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}

export function wrongMethod(method: string, allowed: readonly string[]): HttpProblem {
  return new HttpProblem({
    status: 405,
    code: 'wrong-method',
    title: 'This cannot be done here',
    detail: `${method} is not among what this address takes: ${allowed.join(', ')}.`,
  });
}
