import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from './redact.ts';

describe('what must not be kept', () => {
  test.each([
    ['"Authorization":"Bearer abc.def"', '"Authorization":"Bearer ***"'],
    ['"authorization":["Basic dXNlcjpwYXNz"]', '"authorization":["Basic ***"]'],
    ['"Cookie":"sid=abc; theme=a\\"b"', '"Cookie":"sid=***; theme=***"'],
    ['"Set-Cookie":"sid=abc; Path=/; HttpOnly"', '"Set-Cookie":"sid=***; Path=/; HttpOnly"'],
    ['"X-Api-Key":"k-123","Host":"a"', '"X-Api-Key":"***","Host":"a"'],
    ['Cookie: sid=abc; a=b\r\nHost: x', 'Cookie: sid=***; a=***\r\nHost: x'],
    ['"body":"user=a&password=hunter2&x=1"', '"body":"user=a&password=***&x=1"'],
    ['"body":"{\\"password\\": \\"hunter2\\",\\"x\\":1}"', '"body":"{\\"password\\": \\"***\\",\\"x\\":1}"'],
    ['name=\\"password\\"\\r\\n\\r\\nhunter2\\r\\n--b', 'name=\\"password\\"\\r\\n\\r\\n***\\r\\n--b'],
    ['"GET /reset?token=abc123&x=1 HTTP/1.1"', '"GET /reset?token=***&x=1 HTTP/1.1"'],
    ["against variable `ARGS:password' (Value: `1' or 1=1' )", "against variable `ARGS:password' (Value: `***' )"],
    [
      '"data":"Matched Data: s&1c found within REQUEST_COOKIES:a: 1\' or 1=1"',
      '"data":"Matched Data: *** found within REQUEST_COOKIES:a: ***"',
    ],
    [
      '"data":"Matched Data: or 1 found within ARGS:password: or 1"',
      '"data":"Matched Data: *** found within ARGS:password: ***"',
    ],
    ['"body":"card=4111 1111 1111 1111&x=1"', '"body":"card=***1111&x=1"'],
    ['{"card":4111111111111111,"x":1}', '{"card":"***1111","x":1}'],
    ['"Cookie":"abc"', '"Cookie":"***"'],
    ['"uri":"/p?jwt=x"', '"uri":"/p?jwt=***"'],
    ['"x":"eyJhbGciOiJI.eyJzdWIi.sig"', '"x":"***"'],
    ['<password>hunter2</password>', '<password>***</password>'],
  ])('%s is masked', (text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  test.each([
    '"unique_id":"171845356027.087146","host_port":443',
    '"unix_timestamp":1718453560087146000',
    '203.0.113.4 - - [15/Jun/2024:12:00:01 +0000] "GET /a?q=1%27 HTTP/1.1" 200 743 "-" "curl/8"',
    '"data":"Matched Data: <script> found within ARGS:q: <script>alert(1)</script>"',
    '"n":"4111111111111112"',
  ])('%s stays as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('masking what is masked already changes nothing', () => {
    const text = '"Authorization":"Bearer abc.def","Cookie":"sid=1; b=2"';
    expect(redact(redact(text))).toBe(redact(text));
  });

  test('long texts of marks without an end are read to their end', () => {
    expect(redact('password"'.repeat(50_000))).toContain('password');
    redact(`Matched Data: ${'x'.repeat(200_000)}`.repeat(3));
    redact('token=***Matched Data: '.repeat(20_000));
  });
});

describe('whatever is masked', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'password',
      'Cookie',
      ': ',
      '=',
      '"',
      '\\',
      '\n',
      '; ',
      '&',
      'Bearer ',
      "' (Value: `",
      "' )",
      '<',
      '>',
      '\u0000',
    ),
    fc.string({ maxLength: 6 }),
  );
  const value = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));

  test('JSON stays JSON, with the same names', () => {
    fc.assert(
      fc.property(fc.dictionary(value, fc.oneof(value, fc.array(value), fc.maxSafeNat())), (object) => {
        const masked = redact(JSON.stringify({ transaction: object, 'X-Token': 'secret' }));
        expect(() => JSON.parse(masked)).not.toThrow();
        expect(masked).not.toContain('"X-Token":"secret"');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a body of 20 MB', () => {
  const long = 'a'.repeat(20_000_000);

  test.each([
    ['"password":"', '"'],
    ['\\"password\\":\\"', '\\"'],
    ['password=', '&'],
    ['password: ', '\n'],
    ["password' (Value: `", "' )"],
    ['<password>', '<'],
    ['"Cookie":"sid=', '"'],
  ])('is masked behind %s', (head, tail) => {
    const masked = redact(`x ${head}${long}${tail} y`);
    expect(masked).toBe(`x ${head}***${tail} y`);
  });
});
