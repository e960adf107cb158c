import type { Answer } from '@bartizan/api';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { ScrollRegion } from '../../ui/ScrollRegion.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { curlCommand } from './curl.ts';
import { Marked } from './Marked.tsx';
import type { Needle } from './marks.ts';
import { needlesOf } from './needles.ts';
import { spansOfForm, spansOfHeader, spansOfJson, spansOfUri } from './request-spans.ts';
import type { Form, SpannedText } from './request-spans.ts';

type Transaction = Answer<'transaction'>;

const longest = 20_000;

/** The request as text, with what the rules found marked where it stands. */
export function RequestText({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const [form, setForm] = useState<Form>('decoded');
  const { method, uri, httpVersion, host, request } = transaction;
  const headers = request?.headers ?? [];
  const body = request?.body ?? null;
  const parts = { line: spansOfUri(uri, form), body: spansOfBody(headers, (body ?? '').slice(0, longest), form) };
  const needles = needlesOf(transaction, parts);
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
            <b>{method}</b> <Marked of={parts.line} needles={needles.line} /> HTTP/
            {httpVersion ?? '?'}
          </li>
          {headers.map(([name, value], index) => (
            <li key={index}>
              <span className="c">{name}:</span>{' '}
              <Marked of={spansOfHeader(name, value)} needles={needles.inHeader(name)} />
            </li>
          ))}
          {body !== null && body !== '' && (
            <li className="body">
              <Marked of={parts.body} needles={needles.body} />
              {body.length > longest && <span className="quiet"> … {body.length - longest} more characters</span>}
            </li>
          )}
        </ol>
      </ScrollRegion>
      {needles.unseen.length > 0 && (
        <p className="small quiet">
          {unseenWords(needles.unseen)} in what the log does not hold: bodies are logged with part C of
          SecAuditLogParts.
        </p>
      )}
      {!request && <p className="small quiet">The log keeps no headers and no body of this request.</p>}
    </section>
  );
}

/** By the numbers in the list below. */
function unseenWords(needles: readonly Needle[]): string {
  const refs = [...new Set(needles.map(({ ref }) => ref))];
  return `${refs.length === 1 ? 'Match' : 'Matches'} ${refs.join(', ')} ${refs.length === 1 ? 'was' : 'were'} found`;
}

function spansOfBody(headers: readonly (readonly [string, string])[], body: string, form: Form): SpannedText {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].toLowerCase() ?? '';
  if (type.includes('x-www-form-urlencoded')) return spansOfForm(body, form, 'ARGS_POST');
  return type.includes('json') ? spansOfJson(body) : { text: body, spans: [] };
}
