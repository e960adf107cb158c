const fraction = /\.(\d+)Z$/;

/** What nanoseconds since 1970 can tell in 64 bits; the zero times of Go and of protobuf lie before it and mean no time. */
const [firstMs, lastMs] = [1, Date.UTC(2262, 0)];

function isTime(ms: number): boolean {
  return ms >= firstMs && ms < lastMs;
}

/** RFC 3339 in UTC with no, three, six or nine digits behind the point, as protobuf writes it in JSON; empty where it is no time. */
export function timeOf(seconds: number, nanos: number): string {
  return isTime(seconds * 1000 + nanos / 1_000_000) ? timeIn(secondText(seconds), nanos) : '';
}

/** `timeOf` for one time after another, most of them of the same second. */
export function createTimeTexts(): typeof timeOf {
  let [last, text] = [1, secondText(1)];
  return (seconds, nanos) => {
    if (!isTime(seconds * 1000 + nanos / 1_000_000)) return '';
    if (seconds !== last) [last, text] = [seconds, secondText(seconds)];
    return timeIn(text, nanos);
  };
}

function secondText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

function timeIn(second: string, nanos: number): string {
  if (nanos === 0) return `${second}Z`;
  if (nanos % 1_000_000 === 0) return `${second}.${String(nanos / 1_000_000).padStart(3, '0')}Z`;
  if (nanos % 1000 === 0) return `${second}.${String(nanos / 1000).padStart(6, '0')}Z`;
  return `${second}.${String(nanos).padStart(9, '0')}Z`;
}

/** The same moment in UTC; what is in UTC already stays as it was written; empty where it is no time at all. */
export function utcTime(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) && isTime(Date.parse(text))) return text;
  const offset = /^(.*?)(\.\d{1,9})?([+-]\d\d:\d\d|Z)$/i.exec(text);
  const millis = Date.parse(offset === null ? text : `${offset[1]}${offset[3]}`);
  if (!isTime(millis)) return '';
  return `${new Date(millis).toISOString().slice(0, 19)}${offset?.[2] ?? ''}Z`;
}

/** Milliseconds since 1970; NaN where the record has no time. */
export function millisOf(time: string): number {
  return time === '' ? Number.NaN : Date.parse(time);
}

/** Earlier first, to the nanosecond; what has no time comes last. */
export function compareTimes(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.slice(0, 19), b.slice(0, 19)];
  if (left !== right) return left < right ? -1 : 1;
  return nanosOf(a) - nanosOf(b);
}

function nanosOf(time: string): number {
  const digits = fraction.exec(time)?.[1];
  return digits === undefined ? 0 : Number(digits.padEnd(9, '0'));
}
