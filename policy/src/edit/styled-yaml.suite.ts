import fc from 'fast-check';

/** Decisions of a writer who never does the same thing twice. */
export interface Style {
  /** A number below `count`. */
  choose(count: number): number;
  readonly eol: string;
}

/** Writes an object as YAML or JSON in a random mixture of styles; `refs` are subtrees that may become anchors and aliases. */
export function writeStyled(value: unknown, style: Style): string {
  if (style.choose(8) === 0) return json(value, style);
  const head = style.choose(3) === 0 ? `# a comment${style.eol}---${style.eol}` : '';
  const tail = style.choose(3) === 0 ? '' : style.eol;
  return `${head}${block(value, 0, style).replace(/^\s+/, '')}${style.choose(4) === 0 ? `${style.eol}# the end` : ''}${tail}`;
}

function json(value: unknown, style: Style): string {
  const indent = [0, 2, '\t'][style.choose(3)];
  return JSON.stringify(value, null, indent).replaceAll('\n', style.eol);
}

function block(value: unknown, column: number, style: Style): string {
  if (Array.isArray(value)) {
    if (value.length === 0 || style.choose(3) === 0) return ` ${flow(value, style)}${comment(style)}`;
    const inner = column + (column > 0 && style.choose(2) === 0 ? -2 : 0);
    return value
      .map(
        (item) =>
          line(inner, style) +
          `-${item !== null && typeof item === 'object' ? nested(item, inner + 2, style) : ` ${flow(item, style)}`}`,
      )
      .join('');
  }
  if (value === null || typeof value !== 'object') return ` ${flow(value, style)}${comment(style)}`;
  const entries = Object.entries(value);
  if (entries.length === 0 || style.choose(4) === 0) return ` ${flow(value, style)}${comment(style)}`;
  return entries
    .map(
      ([key, inner]) =>
        `${line(column, style)}${keyText(key, style)}:${inner === undefined ? '' : block(inner, column + 2, style)}`,
    )
    .join('');
}

/** A map behind a dash begins on the line of the dash. */
function nested(item: object, column: number, style: Style): string {
  const text = block(item, column, style);
  return Array.isArray(item) || !text.startsWith(style.eol)
    ? text
    : ` ${text.slice(text.lastIndexOf(style.eol, text.search(/[^\s#]/)) + style.eol.length).trimStart()}`;
}

function line(column: number, style: Style): string {
  const note = style.choose(8) === 0 ? `${style.eol}${' '.repeat(column)}# note: {}` : '';
  const blank = style.choose(12) === 0 ? style.eol : '';
  return `${blank}${note}${style.eol}${' '.repeat(column)}`;
}

function comment(style: Style): string {
  return ['', '', '', ' ', '  # why'][style.choose(5)] ?? '';
}

function flow(value: unknown, style: Style): string {
  const space = (): string => ['', '', ' ', `${style.eol}          `, '\t'][style.choose(5)] ?? '';
  if (Array.isArray(value))
    return `[${space()}${value.map((item) => flow(item, style)).join(`,${space() || ' '}`)}${space()}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, inner]) => `${keyText(key, style)}: ${flow(inner, style)}`);
    const trailing = entries.length > 0 && style.choose(5) === 0 ? ',' : '';
    return `{${space()}${entries.join(`,${space() || ' '}`)}${trailing}${space()}}`;
  }
  if (value === null) return ['~', 'null', 'Null', 'NULL'][style.choose(4)] ?? 'null';
  return typeof value === 'string' ? quoted(value, style) : String(value);
}

function keyText(key: string, style: Style): string {
  return quoted(key, style);
}

function quoted(text: string, style: Style): string {
  const isPlain = /^[a-z][a-zA-Z0-9./-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  const kind = style.choose(isPlain ? 4 : 2);
  return kind === 0 ? JSON.stringify(text) : kind === 1 ? `'${text.replaceAll("'", "''")}'` : text;
}

/** An endless row of decisions that fast-check can replay and shrink. */
export const anyStyle: fc.Arbitrary<Style> = fc
  .tuple(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 200 }), fc.constantFrom('\n', '\r\n'))
  .map(([numbers, eol]) => {
    let at = 0;
    return { eol, choose: (count: number) => (numbers[at++ % numbers.length] ?? 0) % count };
  });
