import type { Answer } from '@bartizan/api';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { ScrollRegion } from '../../ui/ScrollRegion.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { curlCommand } from './curl.ts';
import { decodeUri, markParts, placeOfVariable } from './marks.ts';
import type { Needle } from './marks.ts';

type Transaction = Answer<'transaction'>;

const longest = 20_000;

/** The request as text, with what the rules found marked where it stands. */
export function RequestText({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const [form, setForm] = useState<'decoded' | 'sent'>('decoded');
  const { method, uri, httpVersion, host, request } = transaction;
  const headers = request?.headers ?? [];
  const body = request?.body ?? null;
  const needles = needlesOf(transaction);
  const at = (kind: 'line' | 'body') => needles.filter(({ place }) => place.kind === kind || place.kind === 'anywhere');
  const inHeader = (name: string) =>
    needles.filter(({ place }) => place.kind === 'header' && (place.name === '' || place.name === name.toLowerCase()));
  return (
    <section>
      <h3>
        Request <span className="sub">what matched is marked where it stands</span>
        <span className="push" />
        <Segments
          label="Form"
          value={form}
          onChange={setForm}
          options={[
            { value: 'decoded', label: 'Decoded' },
            { value: 'sent', label: 'As sent' },
          ]}
        />
        <CopyButton label="Copy as curl" text={() => curlCommand({ method, host, uri, headers, body })} />
      </h3>
      <ScrollRegion label="Request" className="code wrap">
        <ol>
          <li>
            <b>{method}</b> <Marked text={form === 'decoded' ? decodeUri(uri) : uri} needles={at('line')} /> HTTP/
            {httpVersion ?? '?'}
          </li>
          {headers.map(([name, value], index) => (
            <li key={index}>
              <span className="c">{name}:</span> <Marked text={value} needles={inHeader(name)} />
            </li>
          ))}
          {body !== null && body !== '' && (
            <li className="body">
              <Marked text={body.slice(0, longest)} needles={at('body')} />
              {body.length > longest && <span className="quiet"> … {body.length - longest} more characters</span>}
            </li>
          )}
        </ol>
      </ScrollRegion>
      {!request && <p className="small quiet">The log keeps no headers and no body of this request.</p>}
    </section>
  );
}

type PlacedNeedle = Needle & { readonly place: ReturnType<typeof placeOfVariable> };

function needlesOf({ matches }: Transaction): readonly PlacedNeedle[] {
  return matches
    .filter(({ isEvaluation }) => !isEvaluation)
    .flatMap(({ found }, at) =>
      found.map(({ text, variable }) => ({ ref: at + 1, text, place: placeOfVariable(variable) })),
    );
}

/** Text, never markup: log content is hostile. */
function Marked({ text, needles }: { readonly text: string; readonly needles: readonly Needle[] }): ReactNode {
  return markParts(text, needles).map((part, at) =>
    part.refs.length === 0 ? (
      part.text
    ) : (
      <span key={at}>
        <mark className={part.refs.length > 1 ? 'deep' : undefined}>{part.text}</mark>
        {part.ends.map((ref) => (
          <span key={ref} className="ref">
            {ref}
          </span>
        ))}
      </span>
    ),
  );
}
