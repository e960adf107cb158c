import type { FilterFields } from '@bartizan/api';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import {
  filterError,
  negateTerm,
  onlyValue,
  prefixOf,
  typedField,
  termsOf,
  termWords,
  withoutTerm,
  withTerm,
} from '../filter/filter-terms.ts';
import { Icon } from '../ui/Icon.tsx';
import { SearchField } from '../ui/SearchField.tsx';

interface Props {
  readonly fields: FilterFields;
  readonly filter: string | undefined;
  readonly onChange: (filter: string | undefined) => void;
  /** What could be typed. */
  readonly example: string;
  /** Said where nothing is filtered yet. */
  readonly hint?: string;
  /** Values of the field that is being typed, as they are in the data. */
  readonly values?: readonly string[];
  /** Tells which field that is; null where it is none. */
  readonly onField?: (field: string | null) => void;
  /** What stands before the field. */
  readonly children?: ReactNode;
}

/** The filter as chips, and a field to type more of it. */
export function FilterBar({
  fields,
  filter,
  onChange,
  example,
  hint = 'Click a value to keep it, Alt-click to leave it out',
  values = [],
  onField,
  children,
}: Props): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const terms = termsOf(filter, fields);
  const shownFault = fault ?? filterError(filter, fields);
  const type = (text: string) => {
    setTyped(text);
    setFault(null);
    onField?.(typedField(text, fields));
  };
  const add = () => {
    const reason = filterError(typed, fields);
    setFault(reason);
    if (reason !== null || typed.trim() === '') return;
    onChange(withTerm(filter, typed.trim()));
    setTyped('');
  };
  return (
    <>
      <div className="filters" role="group" aria-label="Filters">
        {terms.map((term, at) => {
          const { field, operator, value } = termWords(term);
          return (
            <span key={`${field} ${operator} ${value}`} className={term.negated ? 'chip not' : 'chip'}>
              <span className="what">{field}</span>
              <button
                type="button"
                className="op"
                title="Turn it round"
                aria-label={`${field} ${operator} ${value}: turn it round`}
                onClick={() => onChange(negateTerm(terms, at) || undefined)}
              >
                {operator}
              </button>
              {value && (
                <span className="value" title={value}>
                  {value}
                </span>
              )}
              <button
                type="button"
                aria-label={`Remove: ${field} ${operator} ${value}`}
                onClick={() => onChange(withoutTerm(terms, at) || undefined)}
              >
                <Icon name="x" />
              </button>
            </span>
          );
        })}
        {terms.length === 0 && <span className="small quiet">{hint}</span>}
        <span className="push" />
        {children}
        <SearchField
          label="Filter"
          placeholder={example}
          text={typed}
          onChange={type}
          onEnter={add}
          isWrong={shownFault !== null}
          describedBy={id}
          suggestions={`${id}-fields`}
        />
        <datalist id={`${id}-fields`}>
          {values.map((value) => (
            <option key={value} value={`${prefixOf(typed)}${onlyValue(typedField(typed, fields) ?? '', value)}`}>
              {value}
            </option>
          ))}
          {Object.entries(fields).flatMap(([field, { describe, choices }]) =>
            choices ? (
              choices.map((choice) => (
                <option key={`${field}:${choice}`} value={`${field}:${choice}`}>
                  {describe}
                </option>
              ))
            ) : (
              <option key={field} value={`${field}:`}>
                {describe}
              </option>
            ),
          )}
        </datalist>
      </div>
      <p id={id} className={shownFault ? 'filter-error' : 'sr'} role="alert">
        {shownFault ?? ''}
      </p>
    </>
  );
}
