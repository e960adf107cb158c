/** What `policy-effect` asks of, and `fill-connections` fills. */
export const daysOfEffect = 30;
export const endOfEffectMs = Date.parse('2026-06-30T00:00:00Z');
