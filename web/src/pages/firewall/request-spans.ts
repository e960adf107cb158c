import { decodePart } from './decode-uri.ts';

/** A part of a text that is the value or the name of a variable the rules know: `ARGS:q`, `ARGS_NAMES:q`, `REQUEST_COOKIES:sid`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly variables: readonly string[];
}

/** A text as it is shown, and where its variables lie. */
export interface SpannedText {
  readonly text: string;
  readonly spans: readonly Span[];
}

export type Form = 'decoded' | 'sent';

/** The path and the arguments of a request line. */
export function spansOfUri(uri: string, form: Form): SpannedText {
  const at = uri.indexOf('?');
  const read = (text: string): string => (form === 'decoded' ? decodePart(text) : text);
  const path = read(at === -1 ? uri : uri.slice(0, at));
  const whole = { start: 0, end: path.length, variables: ['REQUEST_FILENAME', 'REQUEST_BASENAME'] };
  if (at === -1) return { text: path, spans: [whole] };
  const query = spansOfForm(uri.slice(at + 1), form, 'ARGS_GET');
  const shift = path.length + 1;
  return {
    text: `${path}?${query.text}`,
    spans: [
      whole,
      ...query.spans.map(({ start, end, variables }) => ({ start: start + shift, end: end + shift, variables })),
    ],
  };
}

/** The arguments of a query or of a form's body. */
export function spansOfForm(body: string, form: Form, kind: 'ARGS_GET' | 'ARGS_POST'): SpannedText {
  const read = (text: string): string => (form === 'decoded' ? decodePart(text.replaceAll('+', ' ')) : text);
  const spans: Span[] = [];
  let text = '';
  for (const [index, part] of body.split('&').entries()) {
    const at = part.indexOf('=');
    const name = at === -1 ? part : part.slice(0, at);
    const key = decodePart(name.replaceAll('+', ' '));
    if (index > 0) text += '&';
    const start = text.length;
    text += read(name);
    spans.push({ start, end: text.length, variables: [`ARGS_NAMES:${key}`, `${kind}_NAMES:${key}`] });
    if (at === -1) continue;
    text += '=';
    const from = text.length;
    text += read(part.slice(at + 1));
    spans.push({ start: from, end: text.length, variables: [`ARGS:${key}`, `${kind}:${key}`] });
  }
  return { text, spans };
}

/** The cookies of a Cookie header; any other header is one variable. */
export function spansOfHeader(name: string, value: string): SpannedText {
  const whole = { start: 0, end: value.length, variables: [`REQUEST_HEADERS:${name}`] };
  if (name.toLowerCase() !== 'cookie') return { text: value, spans: [whole] };
  const spans: Span[] = [whole];
  let at = 0;
  for (const part of value.split(';')) {
    const start = at + part.length - part.trimStart().length;
    const equals = value.indexOf('=', start);
    const end = at + part.length;
    at = end + 1;
    if (equals === -1 || equals >= end) continue;
    const key = value.slice(start, equals);
    spans.push({ start, end: equals, variables: [`REQUEST_COOKIES_NAMES:${key}`] });
    spans.push({ start: equals + 1, end, variables: [`REQUEST_COOKIES:${key}`] });
  }
  return { text: value, spans };
}

/** The values of a JSON body: the rules call `{"a": {"b": …}}` `ARGS:json.a.b`. Bounded, since the text is hostile. */
export function spansOfJson(body: string): SpannedText {
  const spans: Span[] = [];
  for (const { index, 0: all, 1: key = '', 2: value = '' } of body.matchAll(
    /"((?:[^"\\]|\\.){0,200})"\s{0,20}:\s{0,20}("(?:[^"\\]|\\.){0,5000}"|[^\s,{}[\]]{1,5000})/g,
  ))
    spans.push({ start: index + all.length - value.length, end: index + all.length, variables: [`ARGS:…${key}`] });
  return { text: body, spans };
}

/** The span of a variable; a JSON argument is known by its last name where only one has it. */
export function spanOfVariable(spans: readonly Span[], variable: string): Span | null {
  const wanted = variable.toLowerCase();
  const found = spans.filter(({ variables }) => variables.some((one) => one.toLowerCase() === wanted));
  if (found[0]) return found[0];
  const key = /^ARGS(?:_POST)?:json\.(?:.*\.)?([^.]+?)(?:\.\d+)*$/s.exec(variable)?.[1];
  const named = key === undefined ? [] : spans.filter(({ variables }) => variables.includes(`ARGS:…${key}`));
  return named.length === 1 ? (named[0] ?? null) : null;
}
