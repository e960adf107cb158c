import type { EngineMode } from '../transaction.ts';

export type AuditDialect =
  | 'modsecurity-json'
  | 'modsecurity-native'
  | 'modsecurity-2-json'
  | 'coraza-json'
  | 'error-line'
  | 'coraza-line';

/** What statistics need of a message. */
export interface BriefMessage {
  readonly id: string;
  readonly text: string;
  /** 0 … 7; null where it is not set. */
  readonly severity: number | null;
  readonly tags: readonly string[];
  readonly version: string;
}

/** One message of an audit record, as it was logged: a rule that matches several variables has several. */
export interface RuleMessage extends BriefMessage {
  /** How the engine describes the match: operator, variable and value. */
  readonly match: string;
  /** What the rule logs of it: `Matched Data: … found within ARGS:id: …`. */
  readonly data: string;
  /** Places in the request, as libmodsecurity writes them: `o0,8v10,25`. */
  readonly reference: string;
  readonly file: string | null;
  readonly line: number | null;
}

export interface HttpPart {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

/** What statistics need of a record, and what it is joined with its access line by. */
export interface BriefRecord {
  readonly dialect: AuditDialect;
  readonly id: string | null;
  readonly timeMs: number;
  readonly client: string;
  readonly method: string;
  readonly uri: string;
  readonly host: string;
  readonly userAgent: string | null;
  readonly status: number | null;
  readonly engine: EngineMode;
  /** Whether the log itself says that the request was stopped; null where it does not say. */
  readonly stopped: boolean | null;
  readonly components: readonly string[];
  readonly messages: readonly BriefMessage[];
}

/** What one record of the firewall's log says, whatever its dialect. */
export interface AuditRecord extends BriefRecord {
  readonly httpVersion: string | null;
  readonly messages: readonly RuleMessage[];
  readonly request: HttpPart | null;
  readonly response: HttpPart | null;
}
