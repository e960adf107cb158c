import { expect, test } from 'vitest';
import { curlCommand } from './curl.ts';

test('no value can end its quotes', () => {
  const command = curlCommand({
    method: 'GET',
    host: 'a.example',
    uri: "/?q='; rm -rf /",
    headers: [
      ['Host', 'a'],
      ['X', "it's"],
    ],
    body: null,
  });
  expect(command).toBe(
    String.raw`curl --globoff --request 'GET' --header 'X: it'\''s' --url 'http://a.example/?q='\''; rm -rf /'`,
  );
});
