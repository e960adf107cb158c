import type { Answer } from '@bartizan/api';
import { expect, test } from 'vitest';
import { needlesOf } from './needles.ts';
import { spansOfForm, spansOfUri } from './request-spans.ts';

type Match = Answer<'transaction'>['matches'][number];

const match = (variable: string): Match => ({
  id: '942100',
  message: '',
  about: null,
  category: 'SQLi',
  severity: 2,
  paranoia: 1,
  score: 5,
  tags: [],
  found: [{ variable, text: 'x', offset: null, length: null }],
  file: null,
  line: null,
  isEvaluation: false,
});
const transaction = (...variables: readonly string[]) =>
  ({ matches: variables.map(match) }) as unknown as Answer<'transaction'>;
const nothing = { text: '', spans: [] };
const line = spansOfUri('/a?q=1', 'decoded');

test('an argument is marked where one of its name is', () => {
  const body = spansOfForm('text=1', 'decoded', 'ARGS_POST');
  const needles = needlesOf(transaction('ARGS:q', 'ARGS:text', 'ARGS:other'), { line, body });
  expect(needles.line.map(({ variable }) => variable)).toEqual(['ARGS:q', 'ARGS:other']);
  expect(needles.body.map(({ variable }) => variable)).toEqual(['ARGS:text', 'ARGS:other']);
  expect(needles.unseen).toEqual([]);
});

test('what was found in a body that is not logged is told', () => {
  const { unseen } = needlesOf(transaction('ARGS:q', 'ARGS:text', 'REQUEST_BODY'), { line, body: nothing });
  expect(unseen.map(({ variable }) => variable)).toEqual(['ARGS:text', 'REQUEST_BODY']);
});

test('what was found in the answer is marked there', () => {
  const needles = needlesOf(transaction('RESPONSE_BODY', 'REQUEST_HEADERS:Host'), { line, body: nothing });
  expect(needles.answer.map(({ ref }) => ref)).toEqual([1]);
  expect(needles.inHeader('host').map(({ ref }) => ref)).toEqual([2]);
});
