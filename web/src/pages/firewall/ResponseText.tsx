import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { ScrollRegion } from '../../ui/ScrollRegion.tsx';
import { Marked } from './Marked.tsx';
import { needlesOf } from './needles.ts';

const longest = 20_000;
const nowhere = { text: '', spans: [] };

/** The answer as the log has it, with what the rules found in it. */
export function ResponseText({ transaction }: { readonly transaction: Answer<'transaction'> }): ReactNode {
  const { status, httpVersion, response } = transaction;
  const { answer } = needlesOf(transaction, { line: nowhere, body: nowhere });
  const body = response?.body?.slice(0, longest) ?? '';
  return (
    <section>
      <h3>Response</h3>
      <ScrollRegion label="Response" className="code wrap">
        <ol>
          <li>
            HTTP/{httpVersion ?? '?'} <b>{status ?? '?'}</b>
          </li>
          {(response?.headers ?? []).map(([name, value], index) => (
            <li key={index}>
              <span className="c">{name}:</span> {value}
            </li>
          ))}
          {body !== '' && (
            <li className="body">
              <Marked of={{ text: body, spans: [] }} needles={answer} />
            </li>
          )}
        </ol>
      </ScrollRegion>
      {!response && <p className="small quiet">The log keeps no headers and no body of the answer.</p>}
    </section>
  );
}
