import type { MatchGroup, Replay, Tuning } from '@bartizan/waf';
import { count, plain } from './text.ts';

/** The groups for people; with chosen ones only their exclusions, to be written to a file. */
export function tuningText(tuning: Tuning): string {
  const { chosen, groups, groupCount, examined, complete, withoutRules } = tuning;
  if (chosen) return `${comments([...chosen.notes, ...replayLines(chosen.replay)])}${chosen.modsecurity}`;
  if (examined === 0) return 'No request was judged an attack.\n';
  const of = complete ? '' : ', the newest; there are more';
  const alone =
    withoutRules === 0
      ? ''
      : `Of ${count(withoutRules)} the log holds the evaluation alone, not the rules that scored: switch on the audit log with part H.\n`;
  const rest =
    groupCount > groups.length ? `\n${count(groupCount - groups.length)} more groups; --top shows more.\n` : '';
  return `${count(examined)} requests were judged an attack${of}.\n${alone}${groups.map(groupText).join('')}${rest}`;
}

function groupText(group: MatchGroup, index: number): string {
  const { rule, message, variable, path, requests, blocked, clients, lastSeen, signs, proposal, replay, key } = group;
  const lines = [
    `${rule} ${plain(message)}`,
    `in ${plain(variable ?? 'a place that the log does not name')}, path ${plain(path)}`,
    `${count(requests)} requests (${count(blocked)} blocked), ${count(clients)} clients, the last at ${lastSeen}`,
    ...signs.map(({ speaksFor, text }) => `${speaksFor === 'ordinary' ? '+' : '-'} ${plain(text)}`),
    ...(proposal.ok
      ? [
          ...replayLines(replay),
          ...companionLines(group),
          `--exclude ${key}`,
          ...proposal.modsecurity.trimEnd().split('\n'),
        ]
      : [`No exclusion: ${proposal.reason}`]),
  ];
  return `\n${index + 1}. ${lines.join('\n   ')}\n`;
}

function companionLines({ replay, companions }: MatchGroup): string[] {
  if (replay.stillJudged === 0 || companions.length === 0) return [];
  const named = companions
    .slice(0, 4)
    .map(({ rule, variable, count: times }) => `${rule} in ${plain(variable ?? '?')} (${count(times)})`);
  return [`In the same requests: ${named.join(', ')}.`];
}

function replayLines({ passes, likelyAttacks, stillJudged, unknown, unknownReasons }: Replay): string[] {
  const lines = [
    `With it ${count(passes)} of these requests would pass, ${count(stillJudged)} would be judged all the same, ${count(unknown)} cannot be told.`,
  ];
  if (likelyAttacks.count > 0)
    lines.push(`Of those that would pass ${count(likelyAttacks.count)} show what attacks show:`);
  for (const { id, client, signs } of likelyAttacks.examples.slice(0, 3))
    lines.push(`  ${plain(id)} from ${plain(client)}: ${plain(signs.join('; '))}`);
  for (const { value, count: times } of unknownReasons)
    lines.push(`  cannot be told (${count(times)}): ${plain(value)}`);
  return lines;
}

function comments(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}\n`).join('');
}
