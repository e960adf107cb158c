import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecordSplitter } from './record-splitter.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function split(text: string, cuts: readonly number[] = [], options: { offset?: number; maxBytes?: number } = {}) {
  const splitter = createRecordSplitter(options);
  const bytes = bytesOf(text);
  const places = [...new Set(cuts.filter((cut) => cut < bytes.length)), bytes.length].toSorted((a, b) => a - b);
  let from = 0;
  const records = places.flatMap((to) => {
    const part = bytes.subarray(from, to);
    from = to;
    return splitter.push(part);
  });
  return [...records, ...splitter.end()].map(({ bytes: found, offset, isCut }) => ({
    text: textOf(found),
    offset,
    isCut,
  }));
}

const native = '---aB3---A--\n[time]\n---aB3---C--\n--other-Z--\n\n---aB3---Z--\n';

describe('cutting a log into records', () => {
  test('lines, with the place of each; empty lines are none', () => {
    expect(split('one\n\ntwo\r\nthree')).toEqual([
      { text: 'one', offset: 0, isCut: false },
      { text: 'two', offset: 5, isCut: false },
      { text: 'three', offset: 10, isCut: false },
    ]);
  });

  test('a native record is all its lines, whatever stands in its body', () => {
    expect(split(`${native}${native}`, [], { offset: 100 })).toEqual([
      { text: native, offset: 100, isCut: false },
      { text: native, offset: 100 + native.length, isCut: false },
    ]);
  });

  test('another record inside of a body is a part of the body, as long as the record goes on', () => {
    const [before = '', after = ''] = native.split('--other-Z--');
    const forged = native.replaceAll('aB3', 'cD4');
    const whole = `${before}${forged}${after}`;
    expect(split(`${whole}${native}`)).toEqual([
      { text: whole, offset: 0, isCut: false },
      { text: native, offset: whole.length, isCut: false },
    ]);
    expect(split(`${before}${forged}`)).toEqual([
      { text: before, offset: 0, isCut: true },
      { text: forged, offset: before.length, isCut: false },
    ]);
  });

  test('records without a newline between them stand each at its place', () => {
    const [one, two] = ['{"transaction":{"a":1}}', '{"transaction":{"b":2}}'];
    expect(split(`${one}${two}\n${two}`)).toEqual([
      { text: one, offset: 0, isCut: false },
      { text: two, offset: one.length, isCut: false },
      { text: two, offset: one.length * 2 + 1, isCut: false },
    ]);
  });

  test('JSON that was printed over lines is one record, and what only begins like it is given as cut', () => {
    expect(split('{\n  "a": 1\n}\n{\nnext\n')).toEqual([
      { text: '{\n  "a": 1\n}\n', offset: 0, isCut: false },
      { text: '{\n', offset: 13, isCut: true },
      { text: 'next', offset: 15, isCut: false },
    ]);
  });

  test('a native record that the next one cuts short is given as cut', () => {
    const half = native.slice(0, 30);
    expect(split(`${half}\n${native}`).map(({ isCut }) => isCut)).toEqual([true, false]);
    expect(split(half).map(({ isCut }) => isCut)).toEqual([true]);
  });

  test('a line that is too long is given as cut, and the next one stands at its place', () => {
    const records = split(`${'x'.repeat(100)}\nnext\n`, [40, 80], { maxBytes: 50 });
    expect(records.map(({ offset, isCut }) => [offset, isCut])).toEqual([
      [0, true],
      [101, false],
    ]);
  });

  test('a line that a container runtime cut is the one line that it was, whatever another stream says in between', () => {
    const at = (stream: string, tag: string): string => `2024-06-15T12:12:40.123456789Z ${stream} ${tag} `;
    const text = `${at('stdout', 'P')}{"a":\n${at('stderr', 'F')}hello\n${at('stdout', 'P')}1,\n${at('stdout', 'F')}"b":2}\nnext`;
    expect(split(text)).toEqual([
      { text: `${at('stderr', 'F')}hello`, offset: 46, isCut: false },
      { text: `${at('stdout', 'P')}{"a":1,"b":2}`, offset: 0, isCut: false },
      { text: 'next', offset: text.length - 4, isCut: false },
    ]);
    expect(split(text.slice(0, 45)).map(({ isCut }) => isCut)).toEqual([true]);
    const splitter = createRecordSplitter();
    splitter.push(bytesOf(text.slice(0, 90)));
    expect(splitter.offset).toBe(0);
  });

  test('wherever the chunks are cut, the records are the same', () => {
    const line = fc.constantFrom(
      '2024-06-15T12:12:40.1Z stdout P a',
      '2024-06-15T12:12:40.1Z stdout F b',
      'a',
      'bb\r',
      '',
      '---aB3---A--',
      '---aB3---B--',
      '---aB3---C--',
      '---cD4---A--',
      '---aB3---Z--',
      '{"log":"x","stream":"stdout","time":"t"}',
      '{"log":"y\\n","stream":"stdout","time":"t"}',
      '{"transaction":{}}{"transaction":{}}',
      '{',
      '  "a": 1',
      '}',
      '--x',
      '\u00ff\u0000',
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, cuts) => {
        const text = lines.join('\n');
        expect(split(text, cuts)).toEqual(split(text));
      }),
    );
  });

  test('reading on from the offset that was given gives what is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'bb', native.trimEnd())), fc.nat(300), (lines, cut) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const first = createRecordSplitter();
        const given = first.push(bytesOf(text.slice(0, cut)));
        const rest = split(text.slice(first.offset), [], { offset: first.offset });
        expect([...given.map(({ offset }) => offset), ...rest.map(({ offset }) => offset)]).toEqual(
          split(text).map(({ offset }) => offset),
        );
      }),
    );
  });
});
